import type { Me } from '@/api/session';

export type StaffRole = 'operator' | 'companyAdmin' | 'platformAdmin';

/** The roles of staff that somebody may give: their own and lesser ones. */
export const grantable = (by: Me['user']['role']): StaffRole[] =>
  by === 'platformAdmin' ? ['operator', 'companyAdmin', 'platformAdmin'] : by === 'companyAdmin' ? ['operator', 'companyAdmin'] : [];
