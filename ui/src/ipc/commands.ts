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
  backup_view: { ask: wire.Empty; answer: wire.BackupView }
  backup_settings_set: { ask: wire.BackupSettingsSet; answer: wire.BackupView }
  backup_now: { ask: wire.BackupNow; answer: wire.BackupView }
  backup_list: { ask: wire.Empty; answer: wire.BackupFiles }
  recovery_key: { ask: wire.RecoveryKeyAsk; answer: wire.RecoveryKey }
  recovery_key_enter: { ask: wire.RecoveryKeyEnter; answer: wire.BackupView }
  restore_check: { ask: wire.RestoreCheck; answer: wire.RestoreChecked }
  restore: { ask: wire.RestoreAsk; answer: wire.RestoreReport }
  restore_report: { ask: wire.Empty; answer: wire.RestoreReport }
  restore_go_on: { ask: wire.Empty; answer: wire.RestoreReport }
  orphans: { ask: wire.Empty; answer: wire.Orphans }
  orphan_credit: { ask: wire.OrphanCredit; answer: wire.ChargeView }
  orphan_refund: { ask: wire.OrphanRefund; answer: wire.Orphans }
}
