import fc from 'fast-check';
import { RecordStore } from './records.js';
import type { StateKey, StateRecord } from './rules/reads.js';

const key = fc.constantFrom<StateKey>('dataset/a', 'dataset/b', 'lease/c', 'lease/d', 'run/e');
const record = fc.integer().map(term => ({ organization: 'uio', term }) as unknown as StateRecord);
const step = fc.oneof(
  fc.record({ does: fc.constant('set' as const), key, record }),
  fc.record({ does: fc.constant('setText' as const), key, record }),
  fc.record({ does: fc.constant('get' as const), key }),
  fc.record({ does: fc.constant('texts' as const) })
);

test('whatever is kept ready, a store of records answers as a map does', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), fc.integer({ min: 1, max: 5 }), (steps, most) => {
      const [store, map] = [new RecordStore(most), new Map<StateKey, StateRecord>()];
      for (const one of steps) {
        if (one.does === 'set') {
          store.set(one.key, one.record);
          map.set(one.key, one.record);
        } else if (one.does === 'setText') {
          store.setText(one.key, JSON.stringify(one.record));
          map.set(one.key, one.record);
        } else if (one.does === 'get') {
          expect(store.get(one.key)).toEqual(map.get(one.key));
        } else {
          const texts = store.texts().map(([name, text]) => [name, JSON.parse(text) as StateRecord] as const);
          expect(new Map(texts)).toEqual(map);
        }
      }
    })
  );
});
