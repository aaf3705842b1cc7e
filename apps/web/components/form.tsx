import type { ComponentChildren, JSX } from 'preact';
import { createContext } from 'preact';
import { useContext, useState } from 'preact/hooks';
import type { ApiProblem } from '../api/problem.js';
import { shell } from '../texts/shell.js';

interface Attempts {
  /** Why the last attempt was refused */
  readonly problem: ApiProblem | undefined;
  readonly isBusy: boolean;
  /** Keeps what the work throws as the problem. */
  readonly attempt: (work: () => Promise<unknown>) => Promise<void>;
}

/** Work that the service may refuse. */
export function useAttempts(): Attempts {
  const [problem, setProblem] = useState<ApiProblem>();
  const [isBusy, setBusy] = useState(false);
  const attempt = async (work: () => Promise<unknown>) => {
    setBusy(true);
    setProblem(undefined);
    try {
      await work();
    } catch (error) {
      setProblem(error as ApiProblem);
    }
    setBusy(false);
  };
  return { problem, isBusy, attempt };
}

type Submit = (values: FormData, form: HTMLFormElement) => Promise<unknown>;

/** A form's handler, and what came of it; the form is sent by script alone. */
export function useSubmit(work: Submit) {
  const { attempt, ...state } = useAttempts();
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    void attempt(() => work(new FormData(form), form));
  };
  return { ...state, submit };
}

/** A text of a form, without blanks around it. */
export const textOf = (values: FormData, name: string): string => String(values.get(name) ?? '').trim();

export const Problem = ({ text }: { readonly text: string | undefined }) =>
  text === undefined ? null : (
    <p class="error" role="alert">
      {text}
    </p>
  );

/** Why the form around was refused: each field that it names is marked. */
export const Refused = createContext<ApiProblem | undefined>(undefined);

export const isRefused = (problem: ApiProblem | undefined, field: string): boolean =>
  problem?.errors.some((error) => error.field === field) ?? false;

interface FormProps {
  readonly onSubmit: Submit;
  readonly children: ComponentChildren;
  /** Closes the dialog around it: it ends with *Save* and *Cancel*. */
  readonly onCancel?: () => void;
  /** In other words than the service's */
  readonly describe?: (problem: ApiProblem) => string;
  /** Instead of *Save*, below what went wrong */
  readonly buttons?: ComponentChildren;
}

/** A form that says what went wrong. */
export function Form({ onSubmit, children, onCancel, describe, buttons }: FormProps) {
  const { problem, submit } = useSubmit(onSubmit);
  const text = problem && (describe?.(problem) ?? problem.message);
  return (
    <form class="stack" onSubmit={submit}>
      <Refused.Provider value={problem}>{children}</Refused.Provider>
      <Problem text={text} />
      {(onCancel || buttons) && (
        <div class="btns">
          {buttons ?? (
            <button class="btn main" type="submit">
              {shell.save}
            </button>
          )}
          {onCancel && (
            <button class="btn" type="button" onClick={onCancel}>
              {shell.cancel}
            </button>
          )}
        </div>
      )}
    </form>
  );
}

interface FieldProps extends Omit<JSX.IntrinsicElements['input'], 'label'> {
  /** Also its name, unless that is given */
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
}

export function Field({ id, label, hint, ...input }: FieldProps) {
  const problem = useContext(Refused);
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        class="input"
        name={id}
        aria-describedby={hint && `${id}-hint`}
        aria-invalid={isRefused(problem, String(input.name ?? id)) || undefined}
        {...(input as JSX.IntrinsicElements['input'])}
        id={id}
      />
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}
