import { workflowSchema } from '@jupyterflow/schema';
import { EXIT } from '../failure.js';
import { print } from '../terminal.js';

export interface SchemaFlags {
  readonly editor?: boolean;
}

const EDITOR = `\
An editor that knows the schema explains and completes the keys of workflow.yaml while you write.

1. Keep the schema beside the file:

     jupyterflow schema > .workflow.schema.json

2. Name it in the first line of workflow.yaml. The YAML language server reads this line, in VS Code (extension
   "YAML" of Red Hat), Neovim, Emacs, and JupyterLab (extension jupyterlab-lsp):

     # yaml-language-server: $schema=.workflow.schema.json

   For every workflow.yaml of VS Code at once, in its settings.json instead:

     "yaml.schemas": { "/path/of/.workflow.schema.json": "workflow.yaml" }

What the schema can not say (edges, cycles, parameters, mounts) says: jupyterflow validate -f workflow.yaml
`;

/** Prints the JSON Schema of the workflow file, or how an editor uses it. */
export function schema({ editor }: SchemaFlags): number {
  print(editor === true ? EDITOR : `${JSON.stringify(workflowSchema, null, 2)}\n`);
  return EXIT.ok;
}
