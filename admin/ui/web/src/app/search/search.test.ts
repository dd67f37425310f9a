import { expect, test } from 'vitest';
import { pagesFor, pathOf, step } from './search';

test('the arrow keys go through all rows and come round', () => {
  expect([step(-1, 1, 3), step(0, 1, 3), step(2, 1, 3), step(-1, -1, 3), step(0, -1, 3), step(0, 1, 0)]).toEqual([0, 1, 0, 2, 2, -1]);
});

test('pages are found without accents and in any case', () => {
  const pages = [{ name: 'Auditoría' }, { name: 'Alarmas' }];
  expect(pagesFor(pages, ' AUDITORIA')).toEqual([{ name: 'Auditoría' }]);
  expect(pagesFor(pages, ' ')).toEqual([]);
});

test('staff and customers’ people have pages of their own', () => {
  expect(pathOf({ kind: 'operator', id: 'X' })).toBe('/users/operators/X');
  expect(pathOf({ kind: 'user', id: 'X' })).toBe('/users/clients/X');
});
