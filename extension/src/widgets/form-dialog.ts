import { Dialog, ReactWidget } from '@jupyterlab/apputils';
import { Signal } from '@lumino/signaling';
import type { Widget } from '@lumino/widgets';

/** The body of a dialog that is filled in. */
export interface FormBody<T> extends Widget {
  getValue(): T;
  /** Shows what is wrong; true when nothing is. */
  validate(): boolean;
}

/** A dialog that is only accepted when what was filled in is right. */
export class FormDialog<T> extends Dialog<T> {
  constructor(options: {
    readonly title: string;
    readonly body: FormBody<T>;
    readonly buttons: readonly Dialog.IButton[];
  }) {
    super({ ...options, focusNodeSelector: 'input, select, textarea' });
    this.#form = options.body;
    this.#buttons = options.buttons;
  }

  override resolve(index?: number): void {
    const button = this.#buttons[index ?? this.#buttons.length - 1];
    if (!button?.accept || this.#form.validate()) {
      super.resolve(index);
    }
  }

  readonly #form: FormBody<T>;
  readonly #buttons: readonly Dialog.IButton[];
}

/** A form drawn by React over values that the widget holds. */
export abstract class ReactForm<V, T> extends ReactWidget implements FormBody<T> {
  constructor(protected values: V) {
    super();
    this.addClass('jp-DataExplorer-form');
  }

  /** Changes some values and draws again. */
  protected set(values: Partial<V>): void {
    this.values = { ...this.values, ...values };
    this.update();
  }

  /** What is wrong with each value, in words. */
  protected abstract errors(): Partial<Record<keyof V, string>>;
  abstract getValue(): T;

  /** What is wrong, once the form was tried to be sent. */
  protected get shown(): Partial<Record<keyof V, string>> {
    return this.#tried ? this.errors() : {};
  }

  validate(): boolean {
    this.#tried = true;
    this.update();
    return Object.keys(this.errors()).length === 0;
  }

  override dispose(): void {
    Signal.clearData(this);
    super.dispose();
  }

  #tried = false;
}

/** What was filled in, or undefined when the dialog was cancelled. */
export async function ask<T>(title: string, body: FormBody<T>, cancel: string, accept: string): Promise<T | undefined> {
  const buttons = [Dialog.cancelButton({ label: cancel }), Dialog.okButton({ label: accept })];
  const { button, value } = await new FormDialog<T>({ title, body, buttons }).launch();
  return button.accept ? (value ?? undefined) : undefined;
}
