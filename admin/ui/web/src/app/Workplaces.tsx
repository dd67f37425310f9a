// The company at the top right: whose things all lists show. Who may work in
// several chooses here.
import { Badge, Button, Center, Group, Loader, Popover, ScrollArea, Stack, Text, TextInput, UnstyledButton } from '@mantine/core';
import { useDebouncedValue, useDisclosure } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { IconBuilding, IconCheck, IconSearch, IconSelector, IconWorld } from '@tabler/icons-react';
import { useState } from 'react';
import { http } from '@/api/client';
import { useMe, workIn } from '@/api/session';
import { texts, useT } from '@/i18n';
import { isStaff } from './menu';
import './shell.css';

const own = texts({
  choose: ['Company: {name}. Choose another', 'Empresa: {name}. Elegir otra', 'Empresa: {name}. Escolher outra', 'Entreprise : {name}. En choisir une autre'],
  title: ['Work in', 'Trabajar en', 'Trabalhar em', 'Travailler dans'],
  every: ['All companies', 'Todas las empresas', 'Todas as empresas', 'Toutes les entreprises'],
  view: ['View only', 'Solo ver', 'Só visualizar', 'Consultation'],
  work: ['Alarms', 'Alarmas', 'Alarmes', 'Alarmes'],
});

export function Workplaces() {
  const t = useT(own);
  const me = useMe();
  const platform = me.user.role === 'platformAdmin';
  const some = useQuery({ queryKey: ['workplaces', 'some'], enabled: isStaff(me), staleTime: 300_000, queryFn: async () => (await http.GET('/api/v1/workplaces', { params: { query: { limit: 2 } } })).data!.items }).data;
  const [opened, { toggle, close }] = useDisclosure();
  const name = me.company?.name ?? (platform ? t('every') : '');
  if (!platform && (some?.length ?? 0) < 2) return name ? <Text c="dimmed" size="sm" truncate maw={200} visibleFrom="md">{name}</Text> : null;
  return (
    <Popover opened={opened} onClose={close} position="bottom-end" width={300} shadow="md" trapFocus>
      <Popover.Target>
        <Button variant="default" size="compact-md" className="workplace" onClick={toggle} aria-expanded={opened} aria-label={t('choose', { name })} leftSection={<IconBuilding size={17} />} rightSection={<IconSelector size={15} />}>
          <span className="workplace-name">{name}</span>
        </Button>
      </Popover.Target>
      <Popover.Dropdown p={6}><Choice /></Popover.Dropdown>
    </Popover>
  );
}

function Choice() {
  const t = useT(own);
  const me = useMe();
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed.trim(), 200);
  const query = useQuery({
    queryKey: ['workplaces', search], placeholderData: keepPreviousData,
    queryFn: async () => (await http.GET('/api/v1/workplaces', { params: { query: { search: search || undefined, limit: 50 } } })).data!.items,
  });
  const here = me.company?.id;
  return (
    <Stack gap={4}>
      <TextInput data-autofocus aria-label={t('search')} placeholder={t('search')} type="search" leftSection={<IconSearch size={16} />} value={typed} onChange={(e) => setTyped(e.currentTarget.value)} />
      {query.isPending && <Center p="sm"><Loader size="sm" aria-label={t('loading')} /></Center>}
      {query.data?.length === 0 && <Text c="dimmed" size="sm" p="xs">{t('nothingFound')}</Text>}
      <ScrollArea.Autosize mah={360} type="auto">
        <Stack gap={0} role="list" aria-label={t('title')}>
          {me.user.role === 'platformAdmin' && !search && <Place name={t('every')} icon={<IconWorld size={17} />} here={!here} onClick={() => workIn(me)} />}
          {query.data?.map((w) => (
            <Place key={w.company.id} name={w.company.name} icon={<IconBuilding size={17} />} here={w.company.id === here} badge={w.as === 'view' || w.as === 'work' ? t(w.as) : undefined}
              onClick={() => workIn(me, w.as === 'home' ? undefined : w.company)} />
          ))}
        </Stack>
      </ScrollArea.Autosize>
    </Stack>
  );
}

function Place({ name, icon, here, badge, onClick }: { name: string; icon: React.ReactNode; here: boolean; badge?: string; onClick: () => void }) {
  return (
    <div role="listitem">
      <UnstyledButton className="choice" aria-current={here || undefined} onClick={onClick}>
        <Group gap="xs" wrap="nowrap">{icon}<Text size="sm" fw={here ? 650 : 450} truncate flex={1}>{name}</Text>{badge && <Badge size="sm" variant="light" tt="none">{badge}</Badge>}{here && <IconCheck size={16} />}</Group>
      </UnstyledButton>
    </div>
  );
}
