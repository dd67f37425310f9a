// The tabs that a person has once stored.
import { lazy, type ComponentType, type LazyExoticComponent } from 'react';
import type { UseFormReturnType } from '@mantine/form';
import type { Schemas } from '@/api/client';
import type { Me } from '@/api/session';
import type { PersonValues } from './form';
import type { Category } from './People';

export interface StoredProps { user: Schemas['User']; form: UseFormReturnType<PersonValues> }
interface LockedTab { key: string; word: 'companies' | 'groups' | 'roles' | 'services' | 'feedback' | 'shifts' | 'tokens'; view: ComponentType<StoredProps> | LazyExoticComponent<ComponentType<StoredProps>> }

const companies = lazy(() => import('./tabs/Companies')), groups = lazy(() => import('./tabs/Groups')), roles = lazy(() => import('./tabs/Roles')), services = lazy(() => import('./tabs/Services')),
  feedback = lazy(() => import('./tabs/Feedback')), shifts = lazy(() => import('./tabs/Shifts')), tokens = lazy(() => import('./tabs/Tokens'));

export function lockedTabs(category: Category, me: Me): LockedTab[] {
  const may = (p: string) => Boolean(me.may[p]);
  const all: (LockedTab | false)[] = category === 'clients'
    ? [{ key: 'companies', word: 'companies', view: companies }, may('label.read') && { key: 'groups', word: 'groups', view: groups }, { key: 'services', word: 'services', view: services }, may('comment.read') && { key: 'feedback', word: 'feedback', view: feedback }]
    : [
      may('label.read') && { key: 'groups', word: 'groups', view: groups }, { key: 'roles', word: 'roles', view: roles }, may('comment.read') && { key: 'feedback', word: 'feedback', view: feedback },
      may('shift.read') && { key: 'shifts', word: 'shifts', view: shifts },
      (may('userToken.read') || may('token.read')) && { key: 'tokens', word: 'tokens', view: tokens },
    ];
  return all.filter((tab): tab is LockedTab => Boolean(tab));
}
