import { hexDigits, seededRandom } from './random.ts';

/** A container that logs through Docker's journald driver. */
export interface Container {
  /** What sluice makes of its name: the name without the replica's number. */
  readonly service: string;
  readonly name: string;
  readonly id: string;
}

const services = [
  'api',
  'auth',
  'billing',
  'cart',
  'catalog',
  'checkout',
  'email',
  'export',
  'gateway',
  'images',
].flatMap((name) => [`shop-${name}`, `back-office-${name}`]);
const replicasPerService = 10;
const idSeed = 200;

/** 200 containers of 20 services. */
export const makeContainers = (): readonly Container[] => {
  const random = seededRandom(idSeed);
  return services.flatMap((service) =>
    Array.from({ length: replicasPerService }, (_, replica) => ({
      service,
      name: `${service}-${replica + 1}`,
      id: hexDigits(random, 64),
    })),
  );
};
