/**
 * The shapes of JupyterFlow. The JSON Schemas in `schemas/` are their one source; the types and the
 * validator here are generated from them by the build.
 */
export type * from './generated/api.js';
export type { WorkflowFile, Job, Volume, Volumes, Env, Resources } from './generated/workflow.js';
export { validateConfig } from './generated/validate-config.js';
export { validateWorkflowFile } from './generated/validate-workflow.js';
export { apiSchema, configSchema, workflowSchema, type SchemaDocument } from './generated/schemas.js';
