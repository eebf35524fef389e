/** Objects of an event: position, fields, event, verdict, item (measured on Node 26: 36,000 events, heap after GC). */
const objectsBytes = 1024;
/** Its text is held about twice: the fields as parsed, and what was made of them. */
const copies = 2;

/**
 * Memory that an event costs while it is held, in bytes, as estimated. Budgets count with it.
 *
 * @param recordBytes size of its records as read.
 */
export const eventMemory = (recordBytes: number): number => objectsBytes + copies * recordBytes;
