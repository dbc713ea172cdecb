/** Time and chance. A test passes its own, everybody else the machine's. */
export interface Clock {
  /** Milliseconds that only grow. */
  now(): number;
  /** Runs a task once, later; call what it returns to take that back. */
  after(milliseconds: number, task: () => void): () => void;
  /** At least 0, less than 1. */
  random(): number;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after(milliseconds, task) {
    const timer = setTimeout(task, milliseconds);
    return () => clearTimeout(timer);
  },
  random: Math.random,
};
