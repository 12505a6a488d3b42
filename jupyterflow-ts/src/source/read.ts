import { Composer, isAlias, isMap, isScalar, isSeq, Lexer, Parser, Scalar, visit } from 'yaml';
import type { Alias, CST, Document, Node, Pair, YAMLMap, YAMLSeq } from 'yaml';
import { Depth, MAX_DEPTH } from './depth.js';
import type { MapEntry, MapNode, ScalarNode, SourceNode, Span } from './node.js';
import { error, type Problem } from './problem.js';
import { syntaxProblems, wholeLines } from './syntax.js';
import { findNotUtf8 } from './utf8.js';

/** Longest file that is read unless the caller allows more, in UTF-16 units; the API's limit too. */
export const MAX_LENGTH = 1_000_000;
/** Most nodes that the aliases of a file may stand for together; stops "billion laughs". */
export const MAX_ALIASED = 200_000;

export interface ReadResult {
  /** The first document; absent when there is none or it can't be read. */
  readonly root?: SourceNode;
  /** Parts of the root that stand for something else than was meant: what rules say of them is void. */
  readonly unread: readonly Span[];
  readonly problems: readonly Problem[];
}

/** Reads YAML 1.2 (core schema, merge keys) into values with positions. Never throws. */
export function readYaml(text: string, maxLength = MAX_LENGTH): ReadResult {
  const whole = { start: 0, end: Math.min(text.length, 1) };
  if (text.length > maxLength) {
    const message = `the file has ${text.length} characters; the limit is ${maxLength}`;
    const hint = 'Put long texts into files, use `copies` or `foreach` for jobs that are alike, or part the workflow.';
    return refused(error('too-large', { start: maxLength, end: maxLength + 1 }, message, hint));
  }
  const notUtf8 = findNotUtf8(text);
  if (notUtf8 !== undefined && /[\ud800-\udfff\0]/.test(text.slice(0, 2))) return refused(notUtf8);
  const { documents, deep } = parse(text);
  if (deep !== undefined) {
    const message = `nested more than ${MAX_DEPTH} levels deep`;
    return refused(error('too-deep', { start: deep, end: deep + 1 }, message, 'A workflow needs about six levels.'));
  }
  const [document, second] = documents;
  if (document === undefined || isNothing(document.contents)) {
    const hint = 'Write at least:\njobs:\n- echo hello';
    return refused(error('empty-file', whole, 'the file is empty', hint));
  }
  const syntax = syntaxProblems(text, document);
  const problems: Problem[] = [...(notUtf8 === undefined ? [] : [notUtf8]), ...syntax.problems];
  if (second !== undefined) {
    const start = second.range[0];
    const hint = 'Put each workflow into its own file; only the first document is read.';
    problems.push(
      error('several-documents', spanOfMarker(text, start), 'the file has more than one YAML document', hint)
    );
  }
  const { root, ...converted } = new Converter(text, document).convert();
  const unread = [...syntax.unread, ...converted.unread.map(span => wholeLines(text, span))];
  return { root, unread, problems: [...problems, ...outside(syntax.unread, converted.problems)] };
}

/** The problems that are in none of the parts. */
export function outside(parts: readonly Span[], problems: readonly Problem[]): readonly Problem[] {
  if (parts.length === 0) return problems;
  return problems.filter(({ span }) => !parts.some(({ start, end }) => start <= span.start && span.start <= end));
}

function refused(problem: Problem): ReadResult {
  return { problems: [problem], unread: [] };
}

interface Parsed {
  readonly documents: readonly Document.Parsed[];
  /** Offset of what is nested too deeply; the documents are then not whole. */
  readonly deep: number | undefined;
}

function parse(text: string): Parsed {
  const depth = new Depth();
  // As `parseAllDocuments` of the library, with a look at each token before it is used.
  const tokens = function* (): Generator<CST.Token, void> {
    const parser = new Parser();
    for (const token of new Lexer().lex(text)) {
      if (!depth.allows(token)) return;
      yield* parser.next(token);
    }
    yield* parser.end();
  };
  const composer = new Composer({
    version: '1.2',
    merge: true,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent'
  });
  const documents = [...composer.compose(tokens())] as Document.Parsed[];
  return { documents, deep: depth.exceededAt };
}

function spanOfMarker(text: string, start: number): Span {
  const marker = text.lastIndexOf('---', start);
  return marker === -1 ? { start, end: start + 1 } : { start: marker, end: marker + 3 };
}

/** Turns the library's nodes into ours: aliases expanded, merge keys merged, repeated keys reported. */
class Converter {
  readonly #text: string;
  readonly #document: Document.Parsed;
  readonly #targets: ReadonlyMap<Alias, Node>;
  /** Nodes that an alias is inside of. */
  readonly #open = new Set<Node>();
  readonly #problems: Problem[] = [];
  /** Aliases of the file itself that were too much. */
  readonly #unread: Span[] = [];
  #aliased = 0;
  /** How many aliases the node is inside of. */
  #depth = 0;

  constructor(text: string, document: Document.Parsed) {
    this.#text = text;
    this.#document = document;
    this.#targets = resolveAliases(document);
  }

  convert(): Required<ReadResult> {
    const root = this.#node(this.#document.contents);
    const [over] = this.#unread;
    if (over === undefined) return { root, problems: this.#problems, unread: [] };
    const message = `more than ${MAX_ALIASED} values once the aliases are expanded`;
    const hint = 'Aliases of aliases multiply: write some of the values out, or put them into files.';
    const others = this.#problems.filter(({ span }) => !this.#unread.some(({ start }) => start === span.start));
    return { root, problems: [error('too-large', over, message, hint), ...others], unread: this.#unread };
  }

  #node(node: unknown, fallback: Span = { start: 0, end: 0 }): SourceNode {
    if (isAlias(node)) return this.#alias(node);
    if (this.#depth > 0 && (this.#aliased += 1) > MAX_ALIASED) return nothing(fallback);
    if (isMap(node) || isSeq(node)) {
      this.#open.add(node);
      const converted = isMap(node) ? this.#map(node) : this.#list(node);
      this.#open.delete(node);
      return converted;
    }
    return isScalar(node) ? this.#scalar(node) : nothing(fallback);
  }

  #list(node: YAMLSeq): SourceNode {
    const span = this.#spanOf(node);
    return { kind: 'list', span, items: node.items.map(item => this.#node(item, span)) };
  }

  #alias(node: Alias): SourceNode {
    const span = this.#spanOf(node);
    const target = this.#targets.get(node);
    if (target === undefined) {
      this.#problems.push(
        error(
          'unknown-alias',
          span,
          `no anchor &${node.source} comes before this alias`,
          'If a text was meant, quote it.'
        )
      );
      return nothing(span);
    }
    if (this.#open.has(target)) {
      this.#problems.push(error('recursive-alias', span, `the alias *${node.source} is inside of what it stands for`));
      return nothing(span);
    }
    this.#depth += 1;
    const expanded = this.#node(target, span);
    this.#depth -= 1;
    if (this.#aliased <= MAX_ALIASED || this.#depth > 0) return expanded;
    this.#unread.push(span);
    return nothing(span);
  }

  #scalar(node: Scalar): ScalarNode {
    const [start = 0, end = start] = node.range ?? [];
    const span = { start, end: Math.max(end, start) };
    const raw: unknown = node.value;
    const value = typeof raw === 'bigint' ? Number(raw) : raw;
    const known = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
    const text = known === null ? '' : typeof known === 'string' ? known : (node.source ?? String(known));
    const textStart = [start, start + 1].find(at => text !== '' && this.#text.startsWith(text, at));
    const comment =
      node.type === Scalar.PLAIN ? /^[ \t]+(#[^\r\n]*)/.exec(this.#text.slice(end, end + 200))?.[1] : undefined;
    return {
      kind: 'scalar',
      span,
      value: known,
      text,
      ...(textStart === undefined ? {} : { textStart }),
      ...(comment === undefined ? {} : { comment })
    };
  }

  #map(node: YAMLMap): MapNode {
    const span = this.#spanOf(node);
    const entries = new Map<string, MapEntry>();
    const merged: MapEntry[] = [];
    for (const pair of node.items) {
      if (isMergeKey(pair)) {
        for (const entry of this.#mergeSource(pair, span)) merged.push(entry);
        continue;
      }
      const key = this.#node(pair.key, span);
      if (key.kind !== 'scalar') {
        this.#problems.push(error('key-not-scalar', key.span, 'a key must be a word, not a list or a map'));
        continue;
      }
      const first = entries.get(key.text);
      if (first === undefined) {
        const value = this.#node(pair.value, { start: key.span.end, end: key.span.end });
        entries.set(key.text, { key: key.text, keySpan: key.span, value });
      } else {
        this.#problems.push({
          ...error(
            'duplicate-key',
            key.span,
            `the key \`${key.text}\` is here a second time`,
            'Remove one of them, or join their values.'
          ),
          related: [{ message: 'the first is here', span: first.keySpan }]
        });
      }
    }
    // A key of the map itself wins over a merged one, and an earlier merged one over a later.
    for (const entry of merged) if (!entries.has(entry.key)) entries.set(entry.key, entry);
    return { kind: 'map', span, entries: [...entries.values()] };
  }

  /** Without the line breaks that the library counts to a block. */
  #spanOf(node: Node): Span {
    const [start = 0, until = start] = node.range ?? [];
    const end = start + this.#text.slice(start, until).trimEnd().length;
    return { start, end };
  }

  #mergeSource(pair: Pair, span: Span): readonly MapEntry[] {
    const source = this.#node(pair.value, span);
    const maps = source.kind === 'list' ? source.items : [source];
    return maps.flatMap(map => {
      if (map.kind === 'map') return map.entries;
      this.#problems.push(error('merge-not-map', map.span, 'the merge key << needs a map, or a list of maps'));
      return [];
    });
  }
}

/** What each alias stands for: the last anchor of its name before it. One pass, where `Alias.resolve` takes one each. */
function resolveAliases(document: Document.Parsed): ReadonlyMap<Alias, Node> {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  visit(document, {
    Value: (_, node) => {
      if (node.anchor !== undefined) anchors.set(node.anchor, node);
    },
    Alias: (_, alias) => {
      const target = anchors.get(alias.source);
      if (target !== undefined) targets.set(alias, target);
    }
  });
  return targets;
}

function isNothing(contents: unknown): boolean {
  return contents === null || (isScalar(contents) && contents.value === null && !contents.source);
}

function isMergeKey(pair: Pair): boolean {
  return isScalar(pair.key) && pair.key.type === Scalar.PLAIN && pair.key.source === '<<';
}

function nothing(span: Span): ScalarNode {
  return { kind: 'scalar', span, value: null, text: '' };
}
