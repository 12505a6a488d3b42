import { evaluate, UnknownName } from './expression.js';

const scope = {
  tasks: { 'a-b': { status: 'Failed', outputs: { parameters: { score: '0.95', list: '["x", {"k": 1}]' } } }, c: {} },
  retries: '2'
};

test.each<[string, unknown]>([
  ["tasks['a-b'].outputs.parameters['score']", '0.95'],
  ["float(tasks['a-b'].outputs.parameters.score) > 0.9 && !(tasks['a-b'].status == 'Succeeded')", true],
  ["tasks['a-b'].status in ['Failed', 'Error'] || false", true],
  ['\'\\u0041b\' == "Ab"', true],
  ["first(filter([get(get(tasks['c'], 'outputs'), 'parameters'), 'none'], {# != nil}))", 'none'],
  ['first(filter([1, 2, 3], {# in [3, 2]}))', 2],
  [
    "toJson(map(0..(len(fromJSON(tasks['a-b'].outputs.parameters['list'])) - 1), { {'copy': toJson(#)} }))",
    '[{"copy":"0"},{"copy":"1"}]'
  ],
  ["first(filter([fromJSON('[1]')[0], toJson(fromJSON('[1]')[0])], {type(#) == 'string'}))", '1'],
  ["replace('a$b', '$', '$$')", 'a$$b'],
  ["'12.5' matches '^[0-9.]+$'", true],
  ['string(int(retries) + 1)', '3'],
  ['-2 * (1 + 3) % 5', -3],
  ['0..-1', []]
])('%s', (source, value) => {
  expect(evaluate(source, scope)).toEqual(value);
});

test.each(["tasks['gone'].status", 'nothing', "tasks['c'].outputs"])('%s is not known', source => {
  expect(() => evaluate(source, scope)).toThrow(UnknownName);
});
