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
  member_merge: { ask: wire.MemberMerge; answer: wire.MemberMerged }
  member_erase: { ask: wire.MemberErase; answer: wire.MemberErased }
  adjust: { ask: wire.Adjust; answer: wire.Adjusted }
  import_preview: { ask: wire.ImportPreviewAsk; answer: wire.ImportPreview }
  import_apply: { ask: wire.ImportApply; answer: wire.ImportDone }
  spend_preview: { ask: wire.SpendAsk; answer: wire.SpendPreview }
  spend: { ask: wire.Spend; answer: wire.Spent }
  undo: { ask: wire.Undo; answer: wire.Undone }
  history: { ask: wire.HistoryAsk; answer: wire.HistoryPage }
  close_view: { ask: wire.CloseAsk; answer: wire.CloseView }
  close_count: { ask: wire.CloseCount; answer: wire.CloseView }
  close_compare: { ask: wire.CloseStep; answer: wire.CloseView }
  close_finish: { ask: wire.CloseStep; answer: wire.CloseView }
  close_file: { ask: wire.CloseFile; answer: wire.CloseView }
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
  staff_first_owner: { ask: wire.StaffFirstOwner; answer: wire.AppState }
  staff_names: { ask: wire.Empty; answer: wire.StaffNames }
  sign_in: { ask: wire.SignIn; answer: wire.AppState }
  sign_out: { ask: wire.Empty; answer: wire.Nothing }
  staff_active: { ask: wire.Empty; answer: wire.Nothing }
  approvers: { ask: wire.ApproversAsk; answer: wire.Approvers }
  staff_list: { ask: wire.Empty; answer: wire.StaffList }
  staff_add: { ask: wire.StaffAdd; answer: wire.StaffList }
  staff_edit: { ask: wire.StaffEdit; answer: wire.StaffList }
  staff_pin_set: { ask: wire.StaffPinSet; answer: wire.Nothing }
  staff_unlock: { ask: wire.StaffUnlock; answer: wire.StaffList }
  staff_idle: { ask: wire.StaffIdle; answer: wire.StaffList }
  member_phone: { ask: wire.MemberPhoneAsk; answer: wire.MemberPhone }
}
