/** The platform as a library: what tests and other hosts start it with. */
export { createPlatform, type Platform, type PlatformOptions } from './platform.js';
export { HubUnavailable, type HubUser, type Identify, type OrganizationConfig } from './auth/identity.js';
export { hubIdentity } from './auth/hub.js';
export { permissions, type Operation, type Relation, type Rule } from './auth/permissions.js';
export {
  checkConfiguration,
  readConfiguration,
  readEnvironment,
  type Configuration,
  type Environment
} from './config.js';
export { problemKinds } from './http/problem.js';
export { openMemoryDatabase } from './db/database.js';
export { createLogger } from './log.js';
export type { Clock } from './clock.js';
