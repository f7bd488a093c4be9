declare module 'asl-validator' {
  /** Checks a definition against the States Language. */
  export default function validate(
    definition: object,
    options?: { readonly checkPaths?: boolean; readonly checkArn?: boolean },
  ): { readonly isValid: boolean; readonly errors: readonly { readonly Message?: string }[] };
}
