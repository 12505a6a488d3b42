import fc from 'fast-check';
import { Budget, parseQuantity, type Limits } from './budget.js';

type Request = Readonly<Record<'cpu' | 'memory', string>>;

test.each([
  ['2', 2],
  ['500m', 0.5],
  ['1.5', 1.5],
  ['1Gi', 2 ** 30],
  ['1.5Ki', 1536],
  ['2M', 2e6],
  ['1e3', 1000],
  ['.5', 0.5],
  ['', NaN],
  ['x', NaN],
  ['1X', NaN],
  ['1constructor', NaN],
  ['-1', NaN]
])('the quantity %j is %d', (text, number) => {
  expect(parseQuantity(text)).toBe(number);
});

const ALL: Limits = { slots: 9, cpu: Infinity, memory: Infinity };

/** Which of these jobs are given a place, one after the other. */
function given(limits: Limits, ...requests: readonly Partial<Request>[]): readonly boolean[] {
  const budget = new Budget(limits);
  return requests.map(resources => {
    const fits = budget.fits({ resources });
    if (fits) budget.take({ resources });
    return fits;
  });
}

test.each<[string, Partial<Limits>, Partial<Request>[], boolean[]]>([
  ['as many as there are places', { slots: 2 }, [{}, {}, {}], [true, true, false]],
  [
    'as many as there are processors for',
    { cpu: 2 },
    [{ cpu: '1500m' }, { cpu: '1' }, { cpu: '0.5' }],
    [true, false, true]
  ],
  ['as much memory as there is', { memory: 2 ** 30 }, [{ memory: '1Gi' }, { memory: '1' }, {}], [true, false, true]],
  ['one that asks for too much alone', { cpu: 2 }, [{ cpu: '64' }, {}, { cpu: '1' }], [true, false, false]],
  ['one that asks for too much not beside others', { cpu: 2 }, [{}, { cpu: '64' }], [true, false]]
])('places are given to %s', (_, limits, requests, expected) => {
  expect(given({ ...ALL, ...limits }, ...requests)).toEqual(expected);
});

test('what is given back can be given again, exactly, and a limit is never exceeded', () => {
  const request = fc.record({
    cpu: fc.integer({ min: 0, max: 3000 }).map(n => `${n}m`),
    memory: fc.nat(300).map(String)
  });
  fc.assert(
    fc.property(fc.array(request, { maxLength: 20 }), fc.array(fc.nat(), { maxLength: 20 }), (requests, ends) => {
      const budget = new Budget({ slots: 4, cpu: 2, memory: 256 });
      const live: { cpu: string; memory: string }[] = [];
      for (const [turn, resources] of requests.entries()) {
        if (budget.fits({ resources })) {
          budget.take({ resources });
          live.push(resources);
        }
        const used = (part: 'cpu' | 'memory'): number => live.reduce((sum, one) => sum + parseQuantity(one[part]), 0);
        expect(live.length).toBeLessThanOrEqual(4);
        if (live.length > 1) expect(used('cpu') <= 2 + 1e-9 && used('memory') <= 256).toBe(true);
        const ended = ends[turn] === undefined ? undefined : live.splice(ends[turn] % (live.length || 1), 1)[0];
        if (ended !== undefined) budget.giveBack({ resources: ended });
      }
      for (const resources of live) budget.giveBack({ resources });
      expect(budget.fits({ resources: { cpu: '2', memory: '256' } })).toBe(true);
    })
  );
});
