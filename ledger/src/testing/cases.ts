import type { Command } from '../commands.js';
import { commands, commonRefusals } from '../rules/table.js';
import type { Who, World } from './world.js';

/** A command in a scene. */
export interface Case {
  readonly what: string;
  readonly world: () => World;
  readonly who: Who;
  readonly command: Command;
}

/** A command that is accepted, with what its events must match, in order. */
export interface AcceptedCase extends Case {
  readonly events: readonly object[];
}

/** A command that is refused, with the whole refusal. */
export interface RefusedCase extends Case {
  readonly code: string;
  readonly message: string;
  readonly more?: object;
}

/** A test for each case: the command is accepted with just these events. */
export function accepts(cases: readonly AcceptedCase[]): void {
  test.each(cases)('$what', ({ world, who, command, events }) => {
    const decision = world().give(who, command);
    expect(decision).toMatchObject({ ok: true });
    expect(decision.ok && decision.events).toMatchObject(events);
    expect(decision.ok && decision.events).toHaveLength(events.length);
    const row = commands[command.type];
    expect(row.events).toEqual(expect.arrayContaining(decision.ok ? decision.events.map(({ type }) => type) : []));
    const kinds = decision.ok ? decision.writes.map(({ key }) => key.split('/')[0]) : [];
    expect(row.writes).toEqual(expect.arrayContaining(kinds));
  });
}

/** A test for each case: the command is refused like this, and nothing changes. */
export function refuses(cases: readonly RefusedCase[]): void {
  test.each(cases)('$what: $code', ({ world, who, command, code, message, more }) => {
    const stage = world();
    const before = new Map(stage.state);
    expect(stage.give(who, command)).toEqual({ ok: false, code, message, ...more });
    expect(stage.state).toEqual(before);
    expect([...commonRefusals, ...commands[command.type].refusals]).toContain(code);
  });
}
