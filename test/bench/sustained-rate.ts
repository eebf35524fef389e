/** How much had arrived at a time. */
export interface Sample {
  /** Since any moment. */
  readonly seconds: number;
  readonly events: number;
}

/** Before the first and after the second, the start and the wait for the last batch are in the figures. */
const shares = [0.1, 0.9] as const;
/** In between; with fewer the rate would say when somebody looked. */
const fewestSteps = 8;

/** When so many had arrived, as if they came evenly between two looks. */
const secondsAt = (steps: readonly Sample[], events: number): number => {
  const after = steps.findIndex((step) => step.events >= events);
  const [to, from = to] = [steps[after], steps[after - 1]];
  if (to === undefined || from === undefined) return Number.NaN;
  if (to.events === from.events) return to.seconds;
  return from.seconds + ((events - from.events) / (to.events - from.events)) * (to.seconds - from.seconds);
};

/**
 * Lines a second between the first and the last tenth of all; undefined where it was not seen often enough how many had
 * arrived.
 */
export const sustainedRate = (samples: readonly Sample[], entries: number): number | undefined => {
  // Of looks that saw the same, the last: what came next came after it.
  const steps = samples.filter(({ events }, index) => events !== samples[index + 1]?.events);
  const [from, to] = [shares[0] * entries, shares[1] * entries];
  if (steps.filter(({ events }) => events > from && events < to).length < fewestSteps) return undefined;
  return (to - from) / (secondsAt(steps, to) - secondsAt(steps, from));
};
