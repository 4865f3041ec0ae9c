// How a command ends when it cannot do what it was asked for.

/** 78 is EX_CONFIG of sysexits.h, with which the example host ends as well: asked like this it can never go well. */
export const exitCodes = { well: 0, fault: 1, wrong_use: 78 } as const;

/** `message` says what is wrong, which option or variable it is about, and the cure. It holds no secret. */
export class CommandFault extends Error {
  readonly exitCode: number;

  constructor(message: string, kind: 'fault' | 'wrong_use') {
    super(message);
    this.exitCode = exitCodes[kind];
  }
}

/** It was asked for wrongly, or the host must be stopped first: asked like this it can never go well. */
export const wrongUse = (sentence: string): CommandFault => new CommandFault(sentence, 'wrong_use');
/** It was asked for rightly, and did not go well. */
export const wentWrong = (sentence: string): CommandFault => new CommandFault(sentence, 'fault');
