// What can be done to a user besides editing: activation, sign-in, sessions.
import { ActionIcon, Menu, Modal, Tooltip } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { IconDots, IconLink, IconLogin2, IconLogout, IconMail, IconShieldOff, IconUserCheck, IconUserOff } from '@tabler/icons-react';
import { useState } from 'react';
import { http, type Schemas } from '@/api/client';
import { userInput } from '@/api/inputs';
import { useCan, useMe } from '@/api/session';
import { useT } from '@/i18n';
import { ActivationResult } from '@/parts/Activation';
import { sayProblem } from '@/parts/problems';
import { words } from '../words';
import type { User } from './data';

export function UserTools({ user: u }: { user: User }) {
  const t = useT(words);
  const me = useMe();
  const can = useCan();
  const client = useQueryClient();
  const [result, setResult] = useState<Schemas['Activation']>();
  const path = { id: u.id };
  const changed = () => client.invalidateQueries({ queryKey: ['users'] });
  const activate = (method: 'email' | 'link') => http.POST('/api/v1/users/{id}/activation', { params: { path }, body: { method } }).then((r) => { setResult(r.data); return changed(); }, sayProblem);
  const enable = (on: boolean) => http.PUT('/api/v1/users/{id}', { params: { path }, body: userInput(u, { disabled: !on }) }).then(changed, sayProblem);
  const as = () => http.POST('/api/v1/users/{id}/sign-in-as', { params: { path } }).then(() => location.assign('/'), sayProblem);
  const end = () => http.POST('/api/v1/users/{id}/sessions/end', { params: { path } }).then(() => notifications.show({ color: 'green', message: t('sessionsEnded') }), sayProblem);
  const drop = () => http.POST('/api/v1/users/{id}/second-factor/end', { params: { path } }).then(changed, sayProblem);
  const self = u.id === me.user.id;
  if (!can('user.update')) return null;
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target><Tooltip label={t('tools')}><ActionIcon variant="light" color="gray" aria-label={`${t('tools')}: ${u.name}`}><IconDots size={17} /></ActionIcon></Tooltip></Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconMail size={16} />} onClick={() => activate('email')}>{t('resend')}</Menu.Item>
          <Menu.Item leftSection={<IconLink size={16} />} onClick={() => activate('link')}>{t('showLink')}</Menu.Item>
          {!self && (u.disabled
            ? <Menu.Item leftSection={<IconUserCheck size={16} />} onClick={() => enable(true)}>{t('enable')}</Menu.Item>
            : <Menu.Item leftSection={<IconUserOff size={16} />} onClick={() => enable(false)}>{t('disable')}</Menu.Item>)}
          {!self && <Menu.Item leftSection={<IconLogout size={16} />} onClick={end}>{t('endSessions')}</Menu.Item>}
          {u.secondFactor && !self && <Menu.Item leftSection={<IconShieldOff size={16} />} onClick={drop}>{t('dropSecond')}</Menu.Item>}
          {can('signInAs.create') && !self && !u.disabled && <Menu.Item leftSection={<IconLogin2 size={16} />} onClick={as}>{t('signInAs')}</Menu.Item>}
        </Menu.Dropdown>
      </Menu>
      {result && (
        <Modal opened onClose={() => setResult(undefined)} title={u.name} closeButtonProps={{ 'aria-label': t('close') }}>
          <ActivationResult result={result} email={u.email} name={u.name} />
        </Modal>
      )}
    </>
  );
}
