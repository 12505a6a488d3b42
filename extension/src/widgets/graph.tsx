import type { RunJob } from '@jupyterflow/schema';
import type { TranslationBundle } from '@jupyterlab/translation';
import { layoutGraph } from 'jupyterflow-ts/core';
import * as React from 'react';
import { phaseWords } from '../words/state';
import { target } from './listbox';
import { PhaseIcon } from './phase';

const NODE = { width: 152, height: 44 };
const GAP = { x: 48, y: 16 };

/** The jobs of a run as a graph, in layers from left to right. Each job is a button that chooses it. */
export function Graph(props: {
  readonly jobs: readonly RunJob[];
  readonly selected: string | undefined;
  readonly trans: TranslationBundle;
  readonly onSelect: (job: string) => void;
}): React.JSX.Element {
  const { jobs, selected, trans, onSelect } = props;
  const shape = JSON.stringify(jobs.map(({ name, dependsOn }) => [name, dependsOn]));
  // Only the shape decides where the jobs are; their phases change each second.
  const layout = React.useMemo(() => layoutGraph(jobs), [shape]);
  const rows = Math.max(...layout.layers.map(layer => layer.length), 1);
  const place = new Map(
    layout.positions.map(({ name, layer, row }) => {
      const room = rows - (layout.layers[layer]?.length ?? 0);
      return [name, { x: layer * (NODE.width + GAP.x), y: (row + room / 2) * (NODE.height + GAP.y) }];
    })
  );
  const width = layout.layers.length * (NODE.width + GAP.x) - GAP.x;
  const height = rows * (NODE.height + GAP.y) - GAP.y;
  const move = (event: React.KeyboardEvent<HTMLDivElement>): void => {
    const buttons = [...event.currentTarget.querySelectorAll('button')];
    const index = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const key = { ArrowRight: 'ArrowDown', ArrowLeft: 'ArrowUp' }[event.key] ?? event.key;
    const to = target(key, index, buttons.length);
    if (to !== undefined) {
      event.preventDefault();
      buttons[to]?.focus();
    }
  };
  return (
    <div className="jp-DataExplorer-graph" role="group" aria-label={trans.__('Jobs')} onKeyDown={move}>
      <div style={{ width, height }}>
        <svg width={width} height={height} aria-hidden="true">
          {layout.edges.map(({ from, to }) => (
            <path key={`${from} ${to}`} d={edgePath(place.get(from), place.get(to))} />
          ))}
        </svg>
        {jobs.map((job, index) => (
          <button
            key={job.name}
            type="button"
            className="jp-DataExplorer-node"
            data-phase={job.phase}
            aria-pressed={job.name === selected}
            tabIndex={
              job.name === (selected ?? jobs[0]?.name) || (index === 0 && !jobs.some(one => one.name === selected))
                ? 0
                : -1
            }
            style={{
              left: place.get(job.name)?.x,
              top: place.get(job.name)?.y,
              width: NODE.width,
              height: NODE.height
            }}
            onClick={() => onSelect(job.name)}
          >
            <span className="jp-DataExplorer-title" title={job.name}>
              {job.name}
            </span>
            <span className="jp-DataExplorer-state">
              <PhaseIcon phase={job.phase} />
              {phaseWords(job.phase, trans)}
            </span>
          </button>
        ))}
      </div>
    </div>
  );
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** A curve from the right side of one node to the left side of another. */
function edgePath(from: Point = { x: 0, y: 0 }, to: Point = { x: 0, y: 0 }): string {
  const [x1, y1, x2, y2] = [from.x + NODE.width, from.y + NODE.height / 2, to.x, to.y + NODE.height / 2];
  const bend = (x2 - x1) / 2;
  return `M${x1},${y1} C${x1 + bend},${y1} ${x2 - bend},${y2} ${x2},${y2}`;
}
