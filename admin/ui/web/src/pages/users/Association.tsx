// People of other companies who are tied to this one: seen, dissociated and, by
// the platform's administrators, associated.
import { Button, Group, SegmentedControl, Stack, Tabs, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useCan, useMe } from '@/api/session';
import { useT } from '@/i18n';
import { Note } from '@/parts/Note';
import { Candidates } from './Candidates';
import type { Category } from './People';
import { Ties } from './Ties';
import { words } from './words';

export function Association({ category, onClose }: { category: Category; onClose: () => void }) {
  const t = useT(words);
  const me = useMe();
  const can = useCan();
  const [tab, setTab] = useState<string | null>('associated');
  const may = can('association.create') && Boolean(me.company);
  return (
    <Stack p="md" gap="sm" maw={900}>
      <Group justify="space-between">
        <div><Title order={1} size="h2">{t('associationMode')}</Title><Text size="sm" c="dimmed">{t(category)}{me.company ? ` · ${me.company.name}` : ''}</Text></div>
        <Button variant="default" onClick={onClose}>{t('close')}</Button>
      </Group>
      <Note grade="info">{t('associationText')}{!can('association.create') && <> {t('associateOnlyPlatform')}</>}</Note>
      <Tabs value={tab} onChange={setTab} keepMounted={false}>
        <Tabs.List aria-label={t('associationMode')}><Tabs.Tab value="associated">{t('associated')}</Tabs.Tab>{may && <Tabs.Tab value="associate">{t('associate')}</Tabs.Tab>}</Tabs.List>
        <Tabs.Panel value="associated" pt="sm"><Ties category={category} /></Tabs.Panel>
        {may && <Tabs.Panel value="associate" pt="sm"><Candidates category={category} onDone={() => setTab('associated')} /></Tabs.Panel>}
      </Tabs>
    </Stack>
  );
}

/** What somebody who is tied may do. */
export function ModeChoice({ value, onChange }: { value: 'view' | 'work'; onChange: (v: 'view' | 'work') => void }) {
  const t = useT(words);
  return <SegmentedControl aria-label={t('mode')} value={value} onChange={(v) => onChange(v as 'view')} data={[{ value: 'view', label: t('modeView') }, { value: 'work', label: t('modeWork') }]} />;
}
