// Written from Rust by `cargo xtask bindings`. Not edited by hand.

import type * as wire from './wire'

export interface Commands {
  app_state: { ask: wire.Empty; answer: wire.AppState }
  charge_quote: { ask: wire.QuoteAsk; answer: wire.ChargeQuote }
  charge_start: { ask: wire.ChargeStart; answer: wire.ChargeStarted }
  charge_settle: { ask: wire.ChargeAsk; answer: wire.ChargeView }
  charge_abandon: { ask: wire.ChargeAsk; answer: wire.ChargeView }
  charge_view: { ask: wire.ChargeAsk; answer: wire.ChargeView }
  waiting: { ask: wire.Empty; answer: wire.Waiting }
  member_create: { ask: wire.MemberCreate; answer: wire.MemberCreated }
  member_edit: { ask: wire.MemberEdit; answer: wire.MemberEdited }
  member_search: { ask: wire.MemberSearch; answer: wire.MemberRows }
  member_card: { ask: wire.MemberAsk; answer: wire.MemberCard }
  spend_preview: { ask: wire.SpendAsk; answer: wire.SpendPreview }
  spend: { ask: wire.Spend; answer: wire.Spent }
  undo: { ask: wire.Undo; answer: wire.Undone }
  history: { ask: wire.HistoryAsk; answer: wire.HistoryPage }
  history_filters: { ask: wire.Empty; answer: wire.HistoryFilters }
  statement: { ask: wire.StatementAsk; answer: wire.StatementPage }
  overview: { ask: wire.OverviewAsk; answer: wire.OverviewView }
  export: { ask: wire.ExportAsk; answer: wire.Exported }
  book_verify: { ask: wire.Empty; answer: wire.BookReport }
  settings: { ask: wire.Empty; answer: wire.SettingsView }
  settings_shop: { ask: wire.SettingsShop; answer: wire.SettingsView }
  settings_proxy: { ask: wire.SettingsProxy; answer: wire.SettingsView }
  bonus_rule_set: { ask: wire.BonusRuleSet; answer: wire.SettingsView }
  keys_save: { ask: wire.KeysSave; answer: wire.SettingsView }
  keys_forget: { ask: wire.Empty; answer: wire.SettingsView }
  channels: { ask: wire.Empty; answer: wire.Channels }
  channel_choose: { ask: wire.ChannelChoose; answer: wire.SettingsView }
  mode_switch: { ask: wire.ModeSwitch; answer: wire.AppState }
}
