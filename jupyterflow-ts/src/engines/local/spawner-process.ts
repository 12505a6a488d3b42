import { startChild, type ChildOrder, type StartedChild } from './child.js';
import type { FromSpawner, ToSpawner } from './spawner.js';

// A small process that starts processes for a large one, which is quicker at it: to fork copies the tables of all memory.
// When the large one is gone, so is what was started for it.

const going = new Map<number, StartedChild>();

process.on('message', (message: ToSpawner) => {
  if ('order' in message) start(message.id, message.order);
  else going.get(message.id)?.kill();
});

process.on('disconnect', () => {
  for (const { end } of going.values()) end();
});

function start(id: number, order: ChildOrder): void {
  try {
    const child = startChild(order);
    going.set(id, child);
    say({ id, processes: child.processes });
    void child.ended.then(end => {
      going.delete(id);
      say({ id, end });
    });
  } catch (error) {
    say({ id, failed: (error as NodeJS.ErrnoException).code ?? 'internal error' });
  }
}

function say(message: FromSpawner): void {
  // Nobody is left to hear it when the channel is closed.
  if (process.connected) process.send?.(message);
}

say({ ready: true });
