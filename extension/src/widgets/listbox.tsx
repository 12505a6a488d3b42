import * as React from 'react';

/**
 * A list to choose one of, by the listbox pattern of the ARIA Authoring Practices: one stop for Tab, arrows, Home and
 * End move, Enter or Space chooses, Escape chooses nothing.
 */
export function ListBox<T extends { readonly id: string }>(props: {
  readonly label: string;
  readonly items: readonly T[];
  readonly selected: string | undefined;
  readonly onSelect: (id: string | undefined) => void;
  readonly children: (item: T) => React.ReactNode;
}): React.JSX.Element {
  const { label, items, selected, onSelect, children } = props;
  const list = React.useRef<HTMLDivElement>(null);
  const [stop, setStop] = React.useState<string>();
  const current = items.find(({ id }) => id === stop) ?? items.find(({ id }) => id === selected) ?? items[0];

  const move = (event: React.KeyboardEvent): void => {
    const index = items.findIndex(({ id }) => id === current?.id);
    const to = target(event.key, index, items.length);
    if (to !== undefined) {
      list.current?.querySelectorAll<HTMLElement>('[role=option]')[to]?.focus();
    } else if (event.key === 'Enter' || event.key === ' ') {
      onSelect(current?.id);
    } else if (event.key === 'Escape' && selected !== undefined) {
      onSelect(undefined);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div ref={list} role="listbox" aria-label={label} className="jp-DataExplorer-list" onKeyDown={move}>
      {items.map(item => (
        <div
          key={item.id}
          role="option"
          aria-selected={item.id === selected}
          tabIndex={item.id === current?.id ? 0 : -1}
          className="jp-DataExplorer-row"
          data-id={item.id}
          onFocus={() => setStop(item.id)}
          onClick={() => onSelect(item.id === selected ? undefined : item.id)}
        >
          {children(item)}
        </div>
      ))}
    </div>
  );
}

/** Where a key leads to in a list of `count` items; undefined for a key that does not move. */
export function target(key: string, index: number, count: number): number | undefined {
  switch (key) {
    case 'ArrowDown':
      return Math.min(index + 1, count - 1);
    case 'ArrowUp':
      return Math.max(index - 1, 0);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}
