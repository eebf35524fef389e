import { ReplayRefusal } from '../pipeline/replay/replay-refusal.ts';
import type { ReplayMessage } from '../pipeline/replay/replay-report.ts';
import type { ReplayRequest } from '../pipeline/replay/replay-request.ts';
import type { Replays } from '../pipeline/replay/replays.ts';
import { controlRoutes } from './control-routes.ts';
import { RequestError } from './request-error.ts';
import { serveOnce, serveStream, type ServedRoute } from './served-route.ts';

const statusOf = { unknown: 404, impossible: 400, busy: 409 } as const;

const sayWhy = (error: unknown): never => {
  throw error instanceof ReplayRefusal ? new RequestError(statusOf[error.kind], error.message) : error;
};

async function* follow(replays: Replays, request: ReplayRequest, signal: AbortSignal): AsyncGenerator<ReplayMessage> {
  try {
    yield* replays.run(request, signal);
  } catch (error) {
    sayWhy(error);
  }
}

/** Replays are the connection's that asks for them: they end with it. */
export const serveReplays = (replays: () => Replays): readonly ServedRoute[] => [
  serveOnce(controlRoutes.planReplay, (request, signal) => replays().plan(request, signal).catch(sayWhy)),
  serveStream(controlRoutes.replay, (request, signal) => follow(replays(), request, signal)),
  serveOnce(controlRoutes.cancelReplay, ({ destination }) =>
    Promise.resolve({ canceled: replays().cancel(destination) }),
  ),
];
