import { compile } from 'jupyterflow-ts/core';
import { lease } from '../testing/fixtures';
import { createWorkflow, workflowFolder, type Files } from './create';
import { starterVolumes, starterWorkflow, volumeLine } from './starter';

const lorem = (owner: string): ReturnType<typeof lease> =>
  lease({ dataset: `ds_lorem000${owner}`, datasetName: 'lorem', owner });

describe('the starter', () => {
  test('lists what is in each leased dataset', () => {
    expect(starterWorkflow([lease(), lorem('uib')]))
      .toBe(`# Run it in a terminal, in the folder of this file: jupyterflow run -f workflow.yaml
jobs:
  - command: ls -R /home/jovyan/penguins-biscoe
    volumes:
      - { id: ds_biscoe0001, name: penguins-biscoe, path: /home/jovyan/penguins-biscoe }
  - command: ls -R /home/jovyan/lorem
    volumes:
      - { id: ds_lorem000uib, name: lorem, path: /home/jovyan/lorem }
  - echo done
dags:
  - '[1, 2] >> 3'
`);
  });

  test.each([
    ['without a lease', []],
    ['with one', [lease()]],
    ['with two of one name', [lorem('uib'), lorem('uio')]]
  ])('is a workflow that compiles: %s', (_, leases) => {
    const { plan, diagnostics } = compile({ text: starterWorkflow(leases), file: 'workflow.yaml' }, { folder: 'work' });
    expect(diagnostics).toEqual([]);
    expect(plan?.jobs.flatMap(job => job.volumes.map(({ ref, mountPath }) => [ref, mountPath]))).toEqual(
      starterVolumes(leases).map(({ id, path }) => [id, path])
    );
  });

  test('two datasets of one name are told apart by their owner', () => {
    expect(starterVolumes([lorem('uib'), lorem('uio')]).map(({ path }) => path)).toEqual([
      '/home/jovyan/lorem',
      '/home/jovyan/uio-lorem'
    ]);
  });

  test.each([{ datasetName: '../../etc' }, { datasetName: 'a, path: /' }, { dataset: 'ds_x }\n- rm -rf' }])(
    'a lease with %j is left out',
    fields => {
      expect(starterVolumes([lease({ owner: '!', ...fields })])).toEqual([]);
    }
  );

  test('a volume is one line', () => {
    const [volume] = starterVolumes([lease()]);
    expect(volume && volumeLine(volume)).toBe(
      '- { id: ds_biscoe0001, name: penguins-biscoe, path: /home/jovyan/penguins-biscoe }'
    );
  });
});

describe('creating the file', () => {
  function home(taken: readonly string[], refusal = 409): Files & { readonly log: string[] } {
    const log: string[] = [];
    return {
      log,
      newUntitled: options =>
        Promise.resolve({ path: `${options?.path ? `${options.path}/` : ''}untitled.yaml` } as never),
      save: path => {
        log.push(`save ${path}`);
        return Promise.resolve({} as never);
      },
      rename: (_, path) => {
        if (taken.includes(path)) {
          return Promise.reject(Object.assign(new Error('refused'), { response: { status: refusal } }));
        }
        log.push(`rename to ${path}`);
        return Promise.resolve({ path } as never);
      },
      delete: path => {
        log.push(`delete ${path}`);
        return Promise.resolve();
      }
    };
  }

  test.each([
    ['', [], 'workflow.yaml'],
    ['work', ['work/workflow.yaml'], 'work/workflow-1.yaml'],
    ['', ['workflow.yaml', 'workflow-1.yaml'], 'workflow-2.yaml']
  ])('in %j where there is %j it becomes %s', async (folder, taken, path) => {
    const files = home(taken);
    expect(await createWorkflow(folder, 'text', files)).toBe(path);
    expect(files.log.at(-1)).toBe(`rename to ${path}`);
  });

  test('nothing is left behind when the server refuses for another reason', async () => {
    const files = home(['workflow.yaml'], 403);
    await expect(createWorkflow('', 'text', files)).rejects.toThrow('refused');
    expect(files.log).toEqual(['save untitled.yaml', 'delete untitled.yaml']);
  });

  test.each([
    ['work', 'work'],
    ['', ''],
    ['penguins-biscoe', ''],
    ['penguins-biscoe/results', '']
  ])('wished for in %j it goes to %j, since a dataset is mounted at penguins-biscoe', (wish, folder) => {
    expect(workflowFolder(wish, ['penguins-biscoe'])).toBe(folder);
  });
});
