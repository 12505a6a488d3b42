/**
 * YAML that readers of versions 1.1 and 1.2 understand alike; long texts stay on one line. Written here, for a manifest of
 * thousands of jobs takes a library longer than all that is before it.
 * @param value what JSON can say
 */
export function toYaml(value: unknown): string {
  const lines: string[] = [];
  const inline = inlined(value);
  if (inline === undefined) writeBlock(value as Block, '', '', lines);
  else lines.push(inline);
  return `${lines.join('\n')}\n`;
}

type Block = readonly unknown[] | Readonly<Record<string, unknown>>;

/** @param first what the first line begins with: the indentation, or after a dash less */
function writeBlock(block: Block, indent: string, first: string, lines: string[]): void {
  let start = first;
  if (Array.isArray(block)) {
    for (const item of block as readonly unknown[]) {
      const inline = inlined(item ?? null, indent);
      if (inline === undefined) writeBlock(item as Block, `${indent}  `, `${start}- `, lines);
      else lines.push(`${start}- ${inline}`);
      start = indent;
    }
    return;
  }
  for (const [key, item] of Object.entries(block)) {
    if (item === undefined) continue;
    const inline = inlined(item, indent);
    const name = `${start}${scalar(key)}:`;
    if (inline === undefined) {
      lines.push(name);
      writeBlock(item as Block, `${indent}  `, `${indent}  `, lines);
    } else lines.push(`${name} ${inline}`);
    start = indent;
  }
}

/** A value that begins on the line of its key or dash; undefined for a list or map with something in it. */
function inlined(value: unknown, indent = ''): string | undefined {
  if (typeof value === 'string') return multiline(value, indent) ?? scalar(value);
  if (Array.isArray(value)) return value.length === 0 ? '[]' : undefined;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  for (const key in value) if ((value as Readonly<Record<string, unknown>>)[key] !== undefined) return undefined;
  return '{}';
}

/** Begins with what no number, date or sign begins with, and holds nothing that could be a key or a comment. */
const PLAIN = /^[A-Za-z_/$](?:[-\w./+=@%^*()$!;,<>|~'"[\]{}\\]|:(?=\w)|:\/\/| (?=[-\w./+=@%^*()$!;,<>|~'"[\]{}\\]))*$/;
const QUANTITY = /^\d{1,15}(?:[KMGT]i|[mhs])$/;
/** What YAML 1.1 takes for true, false or nothing. */
const WORD = /^(?:y|n|yes|no|on|off|true|false|null|~)$/i;

/** What most keys and words are; quicker to find out than the rest. */
const SIMPLE = /^[A-Za-z_/][-\w./]*$/;

function scalar(text: string): string {
  const isPlain = SIMPLE.test(text) || PLAIN.test(text);
  if (isPlain ? text.length > 5 || !WORD.test(text) : QUANTITY.test(text)) return text;
  // A JSON string is one of YAML too, when nothing in it is taken for the end of a line.
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`
  );
}

/** The lines of a text as they are (a literal block), when all readers give them back so. */
function multiline(text: string, indent: string): string | undefined {
  if (
    !text.includes('\n') ||
    !/^[^\s]/.test(text) ||
    /[^\n\t\u0020-\u007e\u00a0-\ud7ff\ue000-\ufefe]|[\u2028\u2029]/.test(text)
  )
    return undefined;
  const [, body = '', end = ''] = /^(.*?)(\n*)$/s.exec(text) ?? [];
  const sign = end === '' ? '|-' : end === '\n' ? '|' : '|+';
  const lines = body.split('\n').map(line => (line === '' ? '' : `${indent}  ${line}`));
  return `${sign}\n${lines.join('\n')}${end.slice(1)}`;
}
