import * as React from 'react';

interface FieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly error?: string;
}

/** A label, what belongs under it, and what is wrong with it. `children` gets the ids that connect them. */
export function Field(
  props: FieldProps & {
    readonly children: (wires: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: true }) => React.ReactNode;
  }
): React.JSX.Element {
  const { label, hint, error, children } = props;
  const id = React.useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div className="jp-DataExplorer-field">
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        ...(described ? { 'aria-describedby': described } : {}),
        ...(error ? { 'aria-invalid': true as const } : {})
      })}
      {hint && (
        <p id={`${id}-hint`} className="jp-DataExplorer-quiet">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className="jp-DataExplorer-error">
          {error}
        </p>
      )}
    </div>
  );
}

/** A field for text: one line, or as many as `rows`. */
export function TextField(
  props: FieldProps & {
    readonly value: string;
    readonly rows?: number;
    readonly placeholder?: string;
    readonly inputMode?: 'numeric';
    readonly required?: boolean;
    readonly onChange: (value: string) => void;
  }
): React.JSX.Element {
  const { value, rows, placeholder, inputMode, required, onChange, ...field } = props;
  const change = (event: { target: { value: string } }): void => onChange(event.target.value);
  const shared = { value, placeholder, 'aria-required': required, className: 'jp-mod-styled', onChange: change };
  return (
    <Field {...field}>
      {wires =>
        rows ? (
          <textarea rows={rows} {...wires} {...shared} />
        ) : (
          <input type="text" inputMode={inputMode} {...wires} {...shared} />
        )
      }
    </Field>
  );
}

/** A field to choose one of a few. */
export function SelectField(
  props: FieldProps & {
    readonly value: string;
    readonly options: readonly { readonly value: string; readonly label: string }[];
    readonly onChange: (value: string) => void;
  }
): React.JSX.Element {
  const { value, options, onChange, ...field } = props;
  return (
    <Field {...field}>
      {wires => (
        <select {...wires} className="jp-mod-styled" value={value} onChange={event => onChange(event.target.value)}>
          {options.map(option => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
