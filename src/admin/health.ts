import type { AgentStatus } from '../pipeline/status.ts';

/** What `/readyz` answers. */
export interface Readiness {
  readonly ready: boolean;
  /** What is wrong, for people. */
  readonly problems: readonly string[];
}

/**
 * Ready means: the source is read, and what is delivered is remembered. A destination that is down does not make the agent
 * unready, since nothing is lost by it and a restart would not help.
 */
export const readinessOf = ({ sourceProblem, destinations }: AgentStatus): Readiness => {
  const unsaved = destinations.flatMap(({ name, checkpointProblem }) =>
    checkpointProblem === undefined ? [] : [`checkpoint of ${name} can't be saved: ${checkpointProblem}`],
  );
  const problems = [...(sourceProblem === undefined ? [] : [`source can't be read: ${sourceProblem}`]), ...unsaved];
  return { ready: problems.length === 0, problems };
};
