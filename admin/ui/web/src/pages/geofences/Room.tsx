// The list or the box with the fields on one side, the map on the other.
import { Button, Group, Modal, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useBlocker } from '@tanstack/react-router';
import { useEffect, useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import { http, isProblem, Problem } from '@/api/client';
import { useCan } from '@/api/session';
import { useT } from '@/i18n';
import { areaOf, type Shape } from '@/map';
import { usePlaces } from '@/pages/map/places';
import { filled } from '@/parts/clean';
import { sayProblem } from '@/parts/problems';
import { fromShape, toShape, type Draft, type LL } from './draft';
import { FenceMap, type Pencil } from './FenceMap';
import { Form } from './Form';
import { Import } from './Import';
import { List } from './List';
import { inputOf, valuesOf, type Fence, type Values } from './values';
import { words } from './words';
import './geofences.css';

interface Props {
  owner?: string;
  filter?: ReactNode;
  /** Of a panel's tab. */
  level?: 3;
  /** What is edited at once: an ID, or 'new'. */
  start?: string;
  /** With start 'new': what is drawn already. */
  circle?: Draft;
  /** Called once that is done with. */
  onDone?: () => void;
}

export function Room({ owner, filter, level, start, circle, onDone }: Props) {
  const t = useT(words);
  const can = useCan();
  const client = useQueryClient();
  const { areas, markers } = usePlaces(owner);
  const [pencil, setPencil] = useState<Pencil | null>(null);
  const [editing, setEditing] = useState<{ fence?: Fence }>();
  const [draft, setDraft] = useState<Draft>();
  const [fault, setFault] = useState<{ at: LL; text: string }>();
  const [selected, setSelected] = useState('');
  const [importing, setImporting] = useState(false);
  const [asking, setAsking] = useState(false);
  const touched = useRef(false); // the shape was changed
  const form = useForm<Values>({ initialValues: valuesOf(undefined, owner ?? ''), validate: { name: filled(t('required')) } });
  const dirty = () => editing !== undefined && (touched.current || form.isDirty());
  const blocker = useBlocker({ shouldBlockFn: dirty, enableBeforeUnload: dirty, withResolver: true });

  const begin = (fence: Fence | undefined) => {
    const values = valuesOf(fence, owner ?? '');
    form.setInitialValues(values);
    form.setValues(values);
    form.resetDirty(values);
    form.clearErrors();
    touched.current = false;
    setFault(undefined);
    setEditing({ fence });
    setSelected(fence?.id ?? '');
  };
  const edit = (fence: Fence) => {
    begin(fence);
    const d = fromShape(fence.shape as unknown as Shape), area = areaOf(fence);
    setDraft(d);
    pencil?.load(d, true);
    if (area) pencil?.show(area);
  };
  const fresh = (d?: Draft) => {
    begin(undefined);
    touched.current = d !== undefined;
    setDraft(d);
    pencil?.load(d, d !== undefined);
    const area = d && areaOf({ id: '', name: '', shape: toShape(d) } as unknown as Fence);
    if (area) pencil?.show(area);
  };
  const end = () => {
    touched.current = false;
    setEditing(undefined);
    setDraft(undefined);
    setFault(undefined);
    pencil?.load(undefined, false);
    form.resetDirty();
    onDone?.();
  };
  const cancel = () => (dirty() ? setAsking(true) : end());

  // In a panel the map may reach below what is in sight, where nobody can draw.
  const whole = useRef<HTMLDivElement>(null), drawing = editing !== undefined;
  useLayoutEffect(() => { if (drawing && level) whole.current?.scrollIntoView({ block: 'nearest' }); }, [drawing, level]);

  const started = useRef(false); // once the map stands, what the address asks for
  useEffect(() => {
    if (!start || !pencil?.ready || started.current) return;
    started.current = true;
    if (start === 'new') fresh(circle);
    else http.GET('/api/v1/fences/{id}', { params: { path: { id: start } } }).then(({ data }) => edit(data!), (err) => { sayProblem(err); onDone?.(); });
  }); // eslint-disable-line react-hooks/exhaustive-deps -- once

  const drawn = (d: Draft | undefined) => {
    if (!editing) begin(undefined); // a shape was drawn without asking for the box first
    touched.current = true;
    setDraft(d);
    setFault(undefined);
    pencil?.fault(undefined);
  };
  const save = async (values: Values) => {
    const stored = editing?.fence, body = inputOf(values, draft!, stored);
    try {
      const { data } = stored ? await http.PUT('/api/v1/fences/{id}', { params: { path: { id: stored.id } }, body }) : await http.POST('/api/v1/fences', { body });
      touched.current = false;
      form.resetDirty();
      await client.invalidateQueries({ queryKey: ['fences'] });
      notifications.show({ color: 'green', message: t('saved') });
      setSelected(data!.id);
      end();
    } catch (err) {
      throw shown(err);
    }
  };
  /** Marks on the map where a shape is faulty; what is left of the refusal goes to the fields. */
  const shown = (err: unknown) => {
    const bad = isProblem(err) ? err.body.errors?.find((e) => e.field === 'shape') : undefined;
    if (!isProblem(err) || !bad) return err;
    const at = bad.position ?? err.body.position;
    if (at?.length === 2) {
      setFault({ at: [at[0]!, at[1]!], text: bad.message });
      pencil?.fault([at[0]!, at[1]!]);
    }
    return new Problem({ ...err.body, detail: bad.message, errors: err.body.errors?.filter((e) => e !== bad) }, err.status);
  };

  return (
    <div ref={whole} className="fences" data-level={level} data-editing={editing ? true : undefined}>
      <section className="fence-side" aria-label={t('geofences')}>
        {editing && !level && <h1 className="hush">{t('geofences')}</h1>}
        {editing ? (
          <Form form={form} fence={editing.fence} draft={draft} owner={owner} onSubmit={save} onCancel={cancel}
            onDraft={(d) => { touched.current = true; setDraft(d); pencil?.set(d); }} />
        ) : (
          <List owner={owner} level={level} filter={filter} selected={selected} onEdit={edit} onNew={() => fresh()} onImport={() => setImporting(true)}
            onPick={(f) => { const a = areaOf(f); setSelected(f.id); if (a) pencil?.show(a); }} />
        )}
      </section>
      <div className="fence-map">
        <FenceMap pencil={setPencil} areas={areas} markers={markers} owner={owner} selected={selected} edited={editing?.fence?.id} draft={draft} fault={fault?.text}
          colour={form.values.colour} mayDraw={can('fence.create') && (!editing?.fence || can('fence.update'))} onPick={setSelected} onDraft={drawn} onTool={(tool) => { if (tool && !editing) begin(undefined); }} />
      </div>
      {importing && <Import owner={owner} onClose={() => setImporting(false)} onFault={(at, text) => { setImporting(false); setFault({ at, text }); pencil?.fault(at); }} />}
      <Modal opened={asking || blocker.status === 'blocked'} onClose={() => { setAsking(false); blocker.reset?.(); }} title={t('leave')} size="sm" closeButtonProps={{ 'aria-label': t('close') }}>
        <Text size="sm" mb="md">{t('leaveText')}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={() => { setAsking(false); blocker.reset?.(); }}>{t('stay')}</Button>
          <Button color="red" onClick={() => { setAsking(false); if (blocker.status === 'blocked') blocker.proceed(); else end(); }}>{t('discard')}</Button>
        </Group>
      </Modal>
    </div>
  );
}
