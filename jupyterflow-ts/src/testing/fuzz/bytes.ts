import fc from 'fast-check';

const PIECES = [
  'jobs:',
  'dags: ',
  '- ',
  '\n',
  '\r\n',
  '  ',
  '\t',
  '1 >> 2',
  '&a ',
  '*a',
  '<<: *a',
  '{',
  '}',
  '[',
  ']',
  ', ',
  ': ',
  '"',
  "'",
  '|',
  '>-',
  '#',
  '? ',
  '---\n',
  '...\n',
  '!!binary ',
  '!!python/object ',
  '%YAML 1.1\n',
  '${{ ',
  ' }}',
  'params.a',
  '__proto__: ',
  '12345678901234567890123456789',
  '0x1F',
  '.inf',
  '\0',
  '\uFEFF',
  '\uD800',
  '\u2028',
  'copies: 9\n',
  'foreach: [1, 2]\n',
  'command: '
];

/** Texts made of what workflow files are made of. */
export function scrambledText(): fc.Arbitrary<string> {
  return fc.array(fc.constantFrom(...PIECES), { maxLength: 60 }).map(pieces => pieces.join(''));
}

/** Files that are right, with parts cut, doubled, replaced, or moved from one to the other. */
export function mutatedText(files: readonly string[]): fc.Arbitrary<string> {
  const place = fc.double({ min: 0, max: 1, noNaN: true });
  const change = fc.tuple(
    fc.constantFrom('cut', 'double', 'put', 'swap', 'crlf', 'bom'),
    place,
    fc.nat(30),
    fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'binary', maxLength: 4 }))
  );
  const start = fc.tuple(fc.constantFrom(...files), fc.constantFrom(...files));
  return fc.tuple(start, fc.array(change, { minLength: 1, maxLength: 6 })).map(([[file, other], changes]) =>
    changes.reduce((text, [kind, where, length, piece]) => {
      const at = Math.floor(where * text.length);
      const [before, after] = [text.slice(0, at), text.slice(at)];
      switch (kind) {
        case 'cut':
          return before + after.slice(length);
        case 'double':
          return before + after.slice(0, length).repeat(3) + after;
        case 'put':
          return before + piece + after;
        case 'swap':
          return before + other.slice(Math.floor(where * other.length));
        case 'crlf':
          return text.replaceAll('\n', '\r\n');
        default:
          return `\uFEFF${text}`;
      }
    }, file)
  );
}

/** Few bytes that stand for much: aliases of aliases, nesting, copies of large jobs. */
export function bombText(): fc.Arbitrary<string> {
  const size = fc.integer({ min: 2, max: 400 });
  return fc.tuple(fc.nat(7), size, size).map(([kind, n, m]) => {
    switch (kind) {
      case 0:
        return `a0: &a0 [x, x]\n${lines(n, i => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`)}jobs: [*a${n}]\n`;
      case 1:
        return `jobs: ${'['.repeat(n * m)}`;
      case 2:
        return `jobs:\n${lines(n, i => `${' '.repeat(i)}- - command:`)}`;
      case 3:
        return `env: {${Array.from({ length: m }, (_, i) => `K${i}: v`).join(', ')}}\njobs:\n- {command: a, copies: ${n * 50}}\n`;
      case 4:
        return `jobs:\n- {command: ${'"${{ item }}'.repeat(m)}", foreach: [${Array.from({ length: n }, () => 'x'.repeat(m)).join(', ')}]}\n`;
      case 5:
        return `jobs: [${'a, '.repeat(n)}b]\ndags:\n- '[${range(n)}] >> [${range(n)}] >> [${range(m)}]'\n`;
      case 6:
        return `jobs:\n- {command: a, when: "${'!('.repeat(n)}true${' && true'.repeat(m)}"}\n`;
      default:
        return `base: &b {command: a, env: {A: ${'x'.repeat(m)}}}\njobs:\n${lines(n, () => '- <<: [*b, *b]')}`;
    }
  });
}

function lines(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => `${line(index)}\n`).join('');
}

function range(count: number): string {
  return Array.from({ length: count }, (_, index) => index + 1).join(', ');
}
