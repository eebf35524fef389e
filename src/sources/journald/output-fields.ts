/**
 * The fields to ask journalctl for, each once. Asking for few makes it cheaper, but each name costs: with some 40 of them it
 * takes longer than without any (measured on systemd 252), so that nobody should ask for what is not looked at.
 */
export const outputFields = (wanted: readonly string[]): readonly string[] => [...new Set(['MESSAGE', ...wanted])];
