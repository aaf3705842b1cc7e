/** What the API refuses with: problem details, RFC 9457. */
export class ApiProblem extends Error {
  constructor(
    /** 0 where there was no answer at all */
    readonly status: number,
    /** The stable last part of `type`, such as `wrong-password` */
    readonly code: string,
    detail: string,
    readonly errors: readonly { readonly field: string; readonly message: string }[] = [],
    readonly retryAfterS?: number,
  ) {
    super(detail);
  }
}

export async function problemOf(response: Response): Promise<ApiProblem> {
  const body = await response.json().catch(() => ({}));
  const retryAfter = Number(response.headers.get('Retry-After')) || undefined;
  const code =
    String(body.type ?? '')
      .split(':')
      .at(-1) ?? '';
  return new ApiProblem(
    response.status,
    code,
    body.detail ?? body.title ?? response.statusText,
    body.errors,
    retryAfter,
  );
}
