/** The program that {@link ./spawner.ts} runs; it stands beside this one also where both are bundled. */
export const SPAWNER_FILE = new URL('./spawner-process.js', import.meta.url);
