// What a dashboard file must be: Grafana's types, with the options of each kind of panel, and the query of the Prometheus data source.
import type { Dashboard, DataQuery, GraphFieldConfig, Panel, RowPanel } from '@grafana/schema';
import type { Options as StatOptions } from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
import type { Options as TimeSeriesOptions } from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';

// JSON has the values of an enum, not its names.
type Json<T> = T extends string ? `${T}` : T extends number ? `${T}` extends `${infer N extends number}` ? N : T : T extends readonly (infer Item)[] ? Json<Item>[] : T extends object ? { [Key in keyof T]: Json<T[Key]> } : T;

interface PrometheusQuery extends DataQuery {
  datasource: { type: 'prometheus'; uid: '${datasource}' };
  expr: string;
  legendFormat: string;
  range: boolean;
  editorMode: 'code';
}

interface Common {
  id: number;
  title: string;
  description: string;
  datasource: { type: 'prometheus'; uid: '${datasource}' };
  targets: PrometheusQuery[];
}

// Grafana's FieldConfig lets any custom field pass; ours only those of the panel.
type Fields<T> = Omit<NonNullable<Panel['fieldConfig']>, 'defaults'> & {
  defaults: Omit<NonNullable<Panel['fieldConfig']>['defaults'], 'custom'> & { custom?: T };
};

type TypedPanel<Type, Options, Custom> = Omit<Panel, 'type' | 'options' | 'fieldConfig' | keyof Common> & Common & { type: Type; options: Options; fieldConfig: Fields<Custom> };

export type DashboardFile = Json<Omit<Dashboard, 'panels' | 'uid' | 'title'>
  & { uid: string; title: string; panels: (RowPanel | TypedPanel<'timeseries', TimeSeriesOptions, GraphFieldConfig> | TypedPanel<'stat', StatOptions, Record<string, never>>)[] }>;
