// A new customer in four steps: who it is, who runs it, its own broker if it has
// one, what it may use. Customer and administrator are made at the end in one
// request; the connection and devices out of the stock follow.
import { Alert, Button, Group, Modal, Stack, Stepper, Text, Title } from '@mantine/core';
import { useForm, type UseFormReturnType } from '@mantine/form';
import { useMediaQuery, useWindowEvent } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { deviceInput } from '@/api/inputs';
import { http, Problem } from '@/api/client';
import { useCan } from '@/api/session';
import { useT } from '@/i18n';
import { connectionInput, emptyValues as emptyConnection, useTemplates } from '@/pages/connections/data';
import { activationOf, useActivationReady } from '@/parts/Activation';
import { clean, filled } from '@/parts/clean';
import { useModules } from '@/parts/ModuleTicks';
import { fieldErrors } from '@/parts/problems';
import { Details } from './form/Details';
import { useChoices } from './form/choices';
import { emptyValues, inputOf, type Values, type WizardValues } from './form/values';
import { Admin, ConnectionStep, Made, Rights, type MadeCustomer } from './WizardSteps';
import { words } from './words';

const empty: WizardValues = {
  ...emptyValues, modules: [], connect: 'skip', connection: { ...emptyConnection, enabled: true }, devices: [],
  admin: { firstName: '', lastName: '', email: '', username: '', phone: '', activation: { method: 'email', password: '' } },
};

/** stepOf says on which step a field of the API stands. */
const stepOf = (path: string): Step => (path.startsWith('admin') ? 'user' : path.startsWith('modules') ? 'rights' : 'details');
type Step = 'details' | 'user' | 'connection' | 'rights';

export function Wizard({ onClose, parent = '' }: { onClose: () => void; parent?: string }) {
  const t = useT(words);
  const client = useQueryClient();
  const narrow = useMediaQuery('(max-width: 48em)');
  const [step, setStep] = useState(0);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState('');
  const [asking, setAsking] = useState(false);
  const [made, setMade] = useState<MadeCustomer>();
  const can = useCan();
  const templates = useTemplates();
  const form = useForm<WizardValues>({ initialValues: { ...empty, parent } });
  const v = form.values;
  const { company, plans, planOf } = useChoices(v);
  const offered = useModules(company);
  const plan = planOf(v.plan);
  const available = plan ? plan.modules ?? [] : offered.filter((m) => m.on).map((m) => m.module);
  const ready = useActivationReady(v.admin.activation);
  useWindowEvent('beforeunload', (e) => { if (!made && form.isDirty()) e.preventDefault(); });
  useEffect(() => { // all that the plan has is ticked to begin with
    form.setFieldValue('modules', available);
  }, [v.plan, offered.length]);

  const must = filled(t('required'));
  const flow: Step[] = can('connection.create') ? ['details', 'user', 'connection', 'rights'] : ['details', 'user', 'rights'];
  const at = flow[step]!, last = flow.length - 1;
  const given = templates.some((k) => (v.connection.template ? k.id === v.connection.template : k.isDefault) && k.url);
  const check = (which: Step): boolean => {
    const asked: Record<Step, Record<string, string | null>> = {
      details: { name: must(v.name), code: must(v.code), country: must(v.country), plan: plans.length && !v.parent ? must(v.plan) : null },
      user: { 'admin.firstName': must(v.admin.firstName), 'admin.email': must(v.admin.email), 'admin.activation.password': v.admin.activation.method === 'password' ? must(v.admin.activation.password) : null },
      connection: v.connect === 'set' ? { 'connection.name': must(v.connection.name), 'connection.url': given ? null : must(v.connection.url) } : {},
      rights: {},
    };
    const bad = Object.entries(asked[which]).filter(([, e]) => e);
    form.setErrors(Object.fromEntries(bad));
    form.getInputNode(bad[0]?.[0] ?? '')?.focus();
    return bad.length === 0;
  };
  const word = { details: t('stepDetails'), user: t('stepUser'), connection: t('stepConnection'), rights: t('stepModules') };
  const next = () => check(at) && setStep(step + 1);

  /** after makes what belongs to a customer that exists by now; what fails is told, and undoes nothing. */
  const after = async (id: string, c: Pick<WizardValues, 'connect' | 'connection' | 'devices'>) => {
    const troubles: string[] = [];
    const tried = (err: unknown) => { troubles.push(Object.values(fieldErrors(err)).join(' ') || (err instanceof Error ? err.message : String(err))); };
    let connection = '';
    if (c.connect === 'set') await http.POST('/api/v1/connections', { body: connectionInput(c.connection, { owner: id }) }).then((r) => { connection = r.data!.id; }, tried);
    for (const device of c.devices) {
      await http.GET('/api/v1/devices/{id}', { params: { path: { id: device } } })
        .then(({ data }) => http.PUT('/api/v1/devices/{id}', { params: { path: { id: device } }, body: deviceInput(data!, { customer: id }) })).catch(tried);
    }
    return { connection, troubles };
  };

  const finish = async (again: boolean) => {
    for (const [i, which] of flow.entries()) if (!check(which)) return setStep(i);
    setBusy(true);
    setFailure('');
    try {
      const { activation, ...person } = v.admin;
      const { modules, admin: _, connect, connection, devices, ...details } = v;
      const body = { ...inputOf(details), modules, admin: { ...clean(person), activation: activationOf(activation) } };
      const { data } = await http.POST('/api/v1/customers', { body });
      const id = (data as unknown as { id: string }).id;
      const more = await after(id, { connect, connection, devices });
      for (const key of ['customers', 'connections', 'devices']) void client.invalidateQueries({ queryKey: [key] });
      form.setInitialValues({ ...empty, parent });
      form.reset();
      setStep(0);
      // A link is shown once, so "add another" waits until it was seen.
      if (!again || data!.activation?.link || more.troubles.length) setMade({ ...data!, id, name: v.name, ...more });
    } catch (err) {
      const errors = fieldErrors(err), paths = Object.keys(errors);
      form.setErrors(errors);
      if (paths.length) setStep(Math.min(...paths.map((p) => flow.indexOf(stepOf(p)))));
      const unseen = paths.filter((p) => form.getInputProps(p).value === undefined).map((p) => `${p}: ${errors[p]}`);
      setFailure(unseen.join('\n') || (paths.length ? '' : err instanceof Problem ? err.message : String(err)));
    } finally {
      setBusy(false);
    }
  };
  const close = () => (form.isDirty() && !made ? setAsking(true) : onClose());

  return (
    <Modal opened onClose={close} title={made ? t('madeTitle', { name: made.name }) : t('new')} size={860} fullScreen={narrow} closeButtonProps={{ 'aria-label': t('close') }}>
      {made ? <Made made={made} onClose={onClose} onAnother={() => setMade(undefined)} /> : (
        <form noValidate onSubmit={(e) => { e.preventDefault(); if (step < last) next(); else void finish(false); }}>
          <Stack>
            <Stepper active={step} onStepClick={(to) => { if (to < step || check(at)) setStep(to); }} size="sm" allowNextStepsSelect={false}>
              {flow.map((k, i) => <Stepper.Step key={k} label={narrow ? undefined : word[k]} aria-label={narrow ? `${i + 1} ${word[k]}` : undefined} />)}
            </Stepper>
            {narrow && <Title order={3} size="h5">{word[at]}</Title>}
            {failure && <Alert color="red" role="alert">{failure}</Alert>}
            {at === 'details' && <Details form={form as unknown as UseFormReturnType<Values>} />}
            {at === 'user' && <Admin form={form} />}
            {at === 'connection' && <ConnectionStep form={form} plan={plan} />}
            {at === 'rights' && <Rights form={form} company={company} available={available} />}
            {asking ? (
              <Alert color="yellow" title={t('leave')} role="alertdialog">
                <Text size="sm" mb="xs">{t('leaveText')}</Text>
                <Group gap="xs"><Button size="xs" variant="default" onClick={() => setAsking(false)}>{t('stay')}</Button>
                  <Button size="xs" color="red" onClick={onClose}>{t('discard')}</Button></Group>
              </Alert>
            ) : (
              <Group justify="space-between">
                <Button variant="default" onClick={step ? () => setStep(step - 1) : close}>{step ? t('back') : t('cancel')}</Button>
                <Group gap="xs">
                  {step === last && <Button variant="light" loading={busy} disabled={!ready} onClick={() => finish(true)}>{t('another')}</Button>}
                  <Button type="submit" loading={busy} disabled={step > 0 && !ready}>{step < last ? t('next') : t('finish')}</Button>
                </Group>
              </Group>
            )}
          </Stack>
        </form>
      )}
    </Modal>
  );
}
