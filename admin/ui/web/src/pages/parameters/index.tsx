// What a company sets up once and chooses from everywhere else.
import { IconBell, IconBuildingCommunity, IconCalendar, IconDeviceMobile, IconForms, IconLifebuoy, IconMapPin, IconTag, IconUsersGroup, IconPackage } from '@tabler/icons-react';
import { useCan } from '@/api/session';
import { useT } from '@/i18n';
import { Sections, type Section } from '@/parts/Sections';
import { Calendars } from './Calendars';
import { CustomerKinds } from './CustomerKinds';
import { DeviceTypes } from './DeviceTypes';
import { EventPlans } from './EventPlans';
import { Fields } from './Fields';
import { Labels } from './Labels';
import { Locations } from './Locations';
import { Plans } from './Plans';
import { planWords } from './planwords';
import { SupportRoutes } from './SupportRoutes';
import { words } from './words';

export function Parameters() {
  const t = useT(words), tp = useT(planWords);
  const can = useCan();
  const sections: (Section | false)[] = [
    can('eventPlan.read') && { key: 'event-plans', label: t('plans'), icon: IconBell, view: () => <EventPlans /> },
    can('deviceType.read') && { key: 'device-types', label: t('types'), icon: IconDeviceMobile, view: () => <DeviceTypes /> },
    can('company.update') && { key: 'customer-types', label: t('kinds'), icon: IconBuildingCommunity, view: () => <CustomerKinds /> },
    can('plan.read') && { key: 'plans', label: tp('plans'), icon: IconPackage, view: () => <Plans /> },
    can('label.read') && { key: 'tags', label: t('tags'), icon: IconTag, view: () => <Labels sort="tag" /> },
    can('label.read') && { key: 'groups', label: t('groups'), icon: IconUsersGroup, view: () => <Labels sort="group" /> },
    can('location.read') && { key: 'locations', label: t('locations'), icon: IconMapPin, view: () => <Locations /> },
    can('calendar.read') && { key: 'calendars', label: t('calendars'), icon: IconCalendar, view: () => <Calendars /> },
    can('field.read') && { key: 'fields', label: t('fields'), icon: IconForms, view: () => <Fields /> },
    can('supportRoute.read') && { key: 'support-routes', label: t('routes'), icon: IconLifebuoy, view: () => <SupportRoutes /> },
  ];
  return <Sections base="/parameters" title={t('parameters')} sections={sections.filter((s) => s !== false)} />;
}
