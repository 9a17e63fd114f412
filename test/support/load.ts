/** Steady load until it is told to stop, with every answer kept; for what must hold while things fail. */

export interface Load<Answer> {
  /** Everything so far, in order of arrival. */
  readonly answers: readonly Answer[];
  /** Resolves once `count` more answers have come. */
  more(count: number): Promise<void>;
  /** Lets the requests under way finish. */
  stop(): Promise<void>;
}

/** `send` is called by `workers` loops, each waiting for its answer; it must not reject. */
export function startLoad<Answer>(
  workers: number,
  send: (turn: number) => Promise<Answer>,
): Load<Answer> {
  const answers: Answer[] = [];
  const waiting = new Set<{ readonly count: number; readonly resolve: () => void }>();
  let isStopped = false;
  let turn = 0;
  const loop = async () => {
    while (!isStopped) {
      answers.push(await send(turn++));
      for (const waiter of waiting) {
        if (answers.length < waiter.count) continue;
        waiting.delete(waiter);
        waiter.resolve();
      }
    }
  };
  const loops = Promise.all(Array.from({ length: workers }, loop));
  return {
    answers,
    more: (count) =>
      Promise.race([
        new Promise<void>((resolve) => waiting.add({ count: answers.length + count, resolve })),
        loops.then(() => {}),
      ]),
    stop: async () => {
      isStopped = true;
      await loops;
    },
  };
}
