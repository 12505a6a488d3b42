/** The library on Node: the compiler, the engine port, and the local engine. */
export * from './core.js';
export * from './engines/engine.js';
export { openLocalEngine, type LocalEngineOptions } from './engines/local/index.js';
