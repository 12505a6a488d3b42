/**
 * The compiler: text of a workflow.yaml -> diagnostics and a plan -> Argo manifest or drawing.
 * Imports nothing of Node, so the same code runs in the command, the platform and a browser.
 */
export { compile, type Compilation, type CompileOptions, type Source } from './compile.js';
export { formatDiagnostics } from './check/format.js';
export { toArgo, type ArgoOutput } from './argo/argo.js';
export { diagnose as diagnoseArgo } from './argo/diagnose.js';
export type { ArgoProblem, ArgoVersion, CronWorkflow, JobPath, Manifest, Workflow } from './argo/manifest.js';
export { jobOfNode, type JobOfNode } from './argo/names.js';
export type { ArgoOptions, CacheOptions, GpuType, Site } from './argo/options.js';
export type { JupyterflowConfig } from './config/config.js';
export { readConfig, type ConfigReading } from './config/read.js';
export { drawGraph, type GraphFormat } from './graph/draw.js';
export { layoutGraph, type GraphEdge, type GraphLayout, type GraphNode, type PlacedNode } from './graph/layout.js';
export { selectJobs, type Selection, type SelectionProblem, type SelectionResult } from './plan/select.js';
export type { SourcePath } from './source/locate.js';
export { explain, type Explanation } from './inherit/explain.js';
export { inheritPod, type Inheritance, type Notebook, type Pod } from './inherit/inherit.js';
export type { InheritedSpec } from './inherit/inherited.js';
export { allJobs } from './plan/all-jobs.js';
export type * from './plan/plan.js';
export type { Diagnostic } from '@jupyterflow/schema';
