// The fields of a connection or a template. With a template that has an
// address only a name is needed; the rest waits behind "More settings".
import { Button, Collapse, NumberInput, PasswordInput, Select, SimpleGrid, Stack, Switch, TagsInput, Text, Textarea, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react';
import { useState } from 'react';
import { useT } from '@/i18n';
import { useTemplates, type Connection, type Values } from './data';
import { Levels } from './Levels';
import { words } from './words';

const below = ['label', 'input', 'description', 'error'] as ('label' | 'input' | 'description' | 'error')[];

interface Props<V> {
  form: UseFormReturnType<V>;
  /** Where the values stand in the form: '' or 'connection.'. */
  at?: string;
  values: Values;
  stored?: Connection;
  template?: boolean;
}

export function ConnectionFields<V>({ form, at = '', values: v, stored, template }: Props<V>) {
  const t = useT(words);
  const templates = useTemplates();
  const standard = templates.find((k) => k.isDefault);
  const used = template ? undefined : templates.find((k) => k.id === v.template) ?? (v.template ? undefined : standard);
  const [more, { toggle }] = useDisclosure(Boolean(template) || Boolean(stored) || !standard);
  const [tried, setTried] = useState('');
  const field = (name: keyof Values) => form.getInputProps(at + name);
  const check = (name: keyof Values) => form.getInputProps(at + name, { type: 'checkbox' });
  const held = (name: keyof Values) => (used && (used as Record<string, unknown>)[name] ? String((used as Record<string, unknown>)[name]) : undefined);
  const shown = more || !used?.url;
  const topic = tried || stored?.status?.sample?.topic || (v.topics[0] ?? used?.topics?.[0] ?? '').replace(/\+/g, '…') || (v.format === 'owntracks' ? 'owntracks/…/…' : 'vigia/…/position');
  return (
    <Stack gap="sm">
      <SimpleGrid cols={{ base: 1, xs: 2 }} verticalSpacing="sm">
        <TextInput label={t('name')} required maxLength={120} data-autofocus={at ? undefined : true} {...field('name')} />
        {!template && !stored && (
          <Select label={t('template')} description={t('templateHint')} inputWrapperOrder={below} clearable placeholder={standard ? t('templateDefault', { name: standard.name }) : t('noTemplate')}
            data={templates.map((k) => ({ value: k.id, label: k.isDefault ? t('templateDefault', { name: k.name }) : k.name }))} {...field('template')} value={v.template || null} onChange={(id) => form.setFieldValue(at + 'template', (id ?? '') as never)} />
        )}
        {template && <Switch label={t('isDefault')} description={t('isDefaultHint')} {...check('isDefault')} />}
      </SimpleGrid>
      {!template && (
        <SimpleGrid cols={{ base: 1, xs: 2 }} verticalSpacing="sm">
          <Switch label={t('enabled')} description={t('enabledHint')} {...check('enabled')} />
          <Switch label={t('auto')} description={stored ? t('autoFixed') : t('autoHint')} disabled={Boolean(stored)} {...check('autoProvision')} />
        </SimpleGrid>
      )}
      {used?.url && !stored && <div><Button variant="subtle" px={0} rightSection={more ? <IconChevronUp size={16} /> : <IconChevronDown size={16} />} aria-expanded={more} onClick={toggle}>{t('advanced')}</Button></div>}
      <Collapse expanded={shown}>
        <Stack gap="sm">
          <SimpleGrid cols={{ base: 1, xs: 2 }} verticalSpacing="sm">
            <TextInput label={t('url')} description={t('urlHint')} inputWrapperOrder={below} required={!template && !used?.url} placeholder={held('url')} maxLength={500} {...field('url')} />
            <Select label={t('format')} clearable placeholder={used ? t('fromTemplate') : t('vigiajson')} data={[{ value: 'vigiajson', label: t('vigiajson') }, { value: 'owntracks', label: t('owntracks') }]} {...field('format')} value={v.format || null} onChange={(f) => form.setFieldValue(at + 'format', (f ?? '') as never)} />
            <TextInput label={t('username')} placeholder={held('user')} maxLength={200} {...field('user')} />
            {!template && <PasswordInput label={t('password')} placeholder={stored?.passwordSet ? t('passwordSet') : undefined} maxLength={500} autoComplete="new-password" {...field('password')} />}
          </SimpleGrid>
          <TagsInput label={t('topics')} description={t('topicsHint')} inputWrapperOrder={below} placeholder={used?.topics?.join(', ')} {...field('topics')} />
          <SimpleGrid cols={{ base: 1, xs: 2 }} verticalSpacing="sm">
            <NumberInput label={t('deviceLevel')} description={t('levelHint')} inputWrapperOrder={below} placeholder={held('deviceLevel')} min={1} max={32} allowDecimal={false} {...field('deviceLevel')} />
            <NumberInput label={t('subLevel')} description={t('levelHint')} inputWrapperOrder={below} placeholder={held('subLevel')} min={1} max={32} allowDecimal={false} {...field('subLevel')} />
          </SimpleGrid>
          <SimpleGrid cols={{ base: 1, xs: 2 }} verticalSpacing="sm">
            <TextInput label={t('tryTopic')} placeholder="fleet/north/truck-12/position" value={tried} onChange={(e) => setTried(e.currentTarget.value)} />
            <div><Text size="sm" fw={550} mb={6}>{t('levels')}</Text><Levels topic={topic} format={v.format || used?.format} deviceLevel={v.deviceLevel || used?.deviceLevel} subLevel={v.subLevel || used?.subLevel} /></div>
          </SimpleGrid>
          <SimpleGrid cols={{ base: 1, xs: 2 }} verticalSpacing="sm">
            {!template && <TextInput label={t('clientId')} description={t('clientIdHint')} inputWrapperOrder={below} maxLength={64} {...field('clientId')} />}
            <Switch mt="md" label={t('private')} description={t('privateHint')} {...check('private')} />
          </SimpleGrid>
          <Textarea label={t('ca')} autosize minRows={2} maxRows={6} maxLength={16000} {...field('ca')} />
        </Stack>
      </Collapse>
    </Stack>
  );
}
