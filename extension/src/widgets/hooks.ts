import type { ISignal } from '@lumino/signaling';
import { useEffect, useReducer, useState } from 'react';
import type { Clock } from '../model/clock';

/** Renders again after each emission. */
export function useSignal(signal: ISignal<unknown, unknown>): void {
  const [, render] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    const slot = (): void => render();
    signal.connect(slot);
    return () => {
      signal.disconnect(slot);
    };
  }, [signal]);
}

/** The time in milliseconds, each second while the component is there and `counts` is true. */
export function useNow(clock: Clock, counts = true): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!counts) {
      return undefined;
    }
    const slot = (_: unknown, time: number): void => setNow(time);
    clock.ticked.connect(slot);
    const held = clock.hold();
    return () => {
      held.dispose();
      clock.ticked.disconnect(slot);
    };
  }, [clock, counts]);
  return counts ? now : Date.now();
}
