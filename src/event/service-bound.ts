/** Above this number of services the rest is counted together, so that hostile names can't fill memory or disk. */
export const maxServices = 2000;

/** What the services beyond {@link maxServices} are counted under. */
export const otherServices = '(other)';
