//! The one list of commands. Every shell answers it through [`dispatch`]; the screen's interface is written from it.

use std::pin::Pin;

use ledger::{Actor, Role, StaffId};
use serde_json::Value;

use crate::error::{AppError, Refusal};
use crate::host::Host;
use crate::state::{require, require_approved};
use crate::wire;
use crate::{
    backup, bonus, care, charge, close, expiry, export, history, import, member, points, refund, report,
    restore, settings, staff, state,
};

/// A command's name and the names of its types on the wire.
pub struct CommandTypes {
    /// The command.
    pub name: &'static str,
    /// What is asked.
    pub ask: &'static str,
    /// What is answered.
    pub answer: &'static str,
    /// Who may ask for it.
    pub needs: Needs,
}

/// Who may ask for a command. It is checked here, before the command is read; what depends on what is asked (a sum above
/// a limit) the command checks by itself, with `require_approved`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Needs {
    /// The least role.
    pub role: Role,
    /// Whether a second person approves it.
    pub approved: bool,
}

const CLERK: Needs = Needs { role: Role::Clerk, approved: false };
const CLERK_APPROVED: Needs = Needs { role: Role::Clerk, approved: true };
const MANAGER: Needs = Needs { role: Role::Manager, approved: false };
const OWNER: Needs = Needs { role: Role::Owner, approved: false };
const OWNER_APPROVED: Needs = Needs { role: Role::Owner, approved: true };
const MANAGER_APPROVED: Needs = Needs { role: Role::Manager, approved: true };

macro_rules! commands {
    ($($name:ident: $ask:ident => $answer:ident, $run:path, $needs:expr;)*) => {
        /// Every command.
        pub const COMMANDS: &[CommandTypes] = &[
            $(CommandTypes { name: stringify!($name), ask: stringify!($ask), answer: stringify!($answer), needs: $needs }),*
        ];

        /// Runs a command by name.
        ///
        /// # Errors
        /// What the command refuses or fails with; `bad_request` and `unknown_command` for what is none.
        pub async fn dispatch<H: Host>(host: &H, actor: Actor, command: &str, body: Value) -> Result<Value, AppError> {
            let started = host.now();
            let done = match command {
                $(stringify!($name) => {
                    let (actor, body) = permitted(host, actor, stringify!($name), $needs, body).await?;
                    let ask: wire::$ask = parse(body)?;
                    // Boxed here, where any host's futures are known to be Send.
                    let run: Pin<Box<dyn Future<Output = Result<wire::$answer, AppError>> + Send + '_>> =
                        Box::pin($run(host, actor, ask));
                    serde_json::to_value(run.await?).map_err(|_| AppError::Internal("answer"))
                })*
                _ => Err(Refusal::UnknownCommand(command.chars().take(40).collect()).into()),
            };
            tracing::debug!(command, took_ms = host.now().since(started), "done");
            done
        }
    };
}

commands! {
    app_state: Empty => AppState, state::app_state, CLERK;
    charge_quote: QuoteAsk => ChargeQuote, charge::quote, CLERK;
    charge_start: ChargeStart => ChargeStarted, charge::start, CLERK;
    charge_settle: ChargeAsk => ChargeView, charge::settle, CLERK;
    charge_abandon: ChargeAsk => ChargeView, charge::abandon, CLERK;
    charge_view: ChargeAsk => ChargeView, charge::view, CLERK;
    waiting: Empty => Waiting, charge::waiting, CLERK;
    member_create: MemberCreate => MemberCreated, member::create, CLERK;
    member_edit: MemberEdit => MemberEdited, member::edit, CLERK;
    member_search: MemberSearch => MemberRows, member::search, CLERK;
    member_card: MemberAsk => MemberCard, member::card, CLERK;
    member_merge: MemberMerge => MemberMerged, care::merge, MANAGER_APPROVED;
    member_erase: MemberErase => MemberErased, care::erase, MANAGER_APPROVED;
    adjust: Adjust => Adjusted, care::adjust, MANAGER_APPROVED;
    import_preview: ImportPreviewAsk => ImportPreview, import::preview, OWNER;
    import_apply: ImportApply => ImportDone, import::apply, OWNER_APPROVED;
    spend_preview: SpendAsk => SpendPreview, points::preview, CLERK;
    spend: Spend => Spent, points::spend, CLERK;
    undo: Undo => Undone, points::undo, CLERK;
    refund_quote: RefundQuoteAsk => RefundQuote, refund::quote, CLERK;
    refund_start: RefundStart => RefundView, refund::start, CLERK_APPROVED;
    refund_view: RefundAsk => RefundView, refund::view, CLERK;
    refund_settle: RefundAsk => RefundView, refund::settle, CLERK;
    refund_rules: Empty => RefundRules, refund::rules, CLERK;
    refund_rule_set: RefundRuleSet => RefundRules, refund::rule_set, MANAGER_APPROVED;
    debt_settle: DebtSettle => DebtSettled, refund::debt, MANAGER_APPROVED;
    history: HistoryAsk => HistoryPage, history::page, CLERK;
    close_view: CloseAsk => CloseView, close::view, CLERK;
    close_count: CloseCount => CloseView, close::count, CLERK;
    close_compare: CloseStep => CloseView, close::compare, CLERK;
    close_finish: CloseStep => CloseView, close::finish, CLERK;
    close_file: CloseFile => CloseView, close::file, CLERK;
    history_filters: Empty => HistoryFilters, report::filters, CLERK;
    statement: StatementAsk => StatementPage, report::statement, CLERK;
    overview: OverviewAsk => OverviewView, report::overview, CLERK;
    export: ExportAsk => Exported, export::export, MANAGER_APPROVED;
    book_verify: Empty => BookReport, history::verify, CLERK;
    settings: Empty => SettingsView, settings::get, CLERK;
    settings_shop: SettingsShop => SettingsView, settings::shop_set, MANAGER_APPROVED;
    settings_proxy: SettingsProxy => SettingsView, settings::proxy, OWNER_APPROVED;
    bonus_rule_set: BonusRuleSet => SettingsView, bonus::set, MANAGER_APPROVED;
    bonus_rule_preview: BonusPreviewAsk => BonusPreview, bonus::preview, CLERK;
    expiry_rule_set: ExpiryRuleSet => SettingsView, expiry::set_rule, OWNER_APPROVED;
    expiry_extend: ExpiryExtend => ExpiryExtended, expiry::extend, MANAGER_APPROVED;
    expired: MemberAsk => ExpiredLots, expiry::expired, CLERK;
    expiring: ExpiringAsk => ExpiringPage, expiry::expiring, CLERK;
    keys_save: KeysSave => SettingsView, settings::save_keys, OWNER_APPROVED;
    keys_forget: Empty => SettingsView, settings::forget_keys, OWNER_APPROVED;
    channels: Empty => Channels, settings::channels, CLERK;
    channel_choose: ChannelChoose => SettingsView, settings::choose_channel, OWNER_APPROVED;
    mode_switch: ModeSwitch => AppState, settings::switch_mode, MANAGER_APPROVED;
    staff_first_owner: StaffFirstOwner => AppState, staff::first_owner, CLERK;
    staff_names: Empty => StaffNames, staff::names, CLERK;
    sign_in: SignIn => AppState, staff::sign_in, CLERK;
    sign_out: Empty => Nothing, staff::sign_out, CLERK;
    staff_active: Empty => Nothing, staff::active, CLERK;
    approvers: ApproversAsk => Approvers, staff::approvers, CLERK;
    staff_list: Empty => StaffList, staff::list, MANAGER;
    staff_add: StaffAdd => StaffList, staff::add, MANAGER_APPROVED;
    staff_edit: StaffEdit => StaffList, staff::edit, MANAGER_APPROVED;
    staff_pin_set: StaffPinSet => Nothing, staff::pin_set, CLERK;
    staff_unlock: StaffUnlock => StaffList, staff::unlock, MANAGER;
    staff_idle: StaffIdle => StaffList, staff::idle, MANAGER_APPROVED;
    member_phone: MemberPhoneAsk => MemberPhone, staff::phone, CLERK;
    backup_view: Empty => BackupView, backup::view, CLERK;
    backup_settings_set: BackupSettingsSet => BackupView, backup::settings, OWNER_APPROVED;
    backup_now: BackupNow => BackupView, backup::now, MANAGER;
    backup_list: Empty => BackupFiles, backup::list, MANAGER;
    recovery_key: RecoveryKeyAsk => RecoveryKey, backup::recovery_key, OWNER_APPROVED;
    recovery_key_enter: RecoveryKeyEnter => BackupView, backup::enter_key, OWNER_APPROVED;
    restore_check: RestoreCheck => RestoreChecked, backup::check, MANAGER;
    restore: RestoreAsk => RestoreReport, backup::put_back, OWNER_APPROVED;
    restore_report: Empty => RestoreReport, backup::report, CLERK;
    restore_go_on: Empty => RestoreReport, restore::go_on, CLERK;
    orphans: Empty => Orphans, restore::orphans, CLERK;
    orphan_credit: OrphanCredit => ChargeView, restore::credit, MANAGER_APPROVED;
    orphan_refund: OrphanRefund => Orphans, restore::refund, MANAGER_APPROVED;
}

/// The largest body of a command, in bytes of JSON: a shell reads no more. A few carry a file.
#[must_use]
pub fn largest_body(command: &str) -> usize {
    match command {
        "import_preview" | "import_apply" => import::LARGEST_BODY,
        _ => 256 * 1024,
    }
}

/// Checks who asks, and who approved: the second person's word stands beside the command's own fields.
async fn permitted<H: Host>(
    host: &H,
    actor: Actor,
    command: &'static str,
    needs: Needs,
    mut body: Value,
) -> Result<(Actor, Value), AppError> {
    require(actor, needs.role)?;
    let approval = body.as_object_mut().and_then(|fields| fields.remove("approval"));
    let mut actor = actor;
    if let Some(approval) = approval {
        // What was sent is not repeated in the error: it holds a PIN.
        let approval: wire::Approval =
            serde_json::from_value(approval).map_err(|_| Refusal::BadRequest("approval".to_owned()))?;
        actor.approver = Some(host.approve(actor, command, about(command, &body), approval).await?);
    }
    if needs.approved {
        require_approved(host, actor)?;
    }
    Ok((actor, body))
}

/// Whom a command about staff is about: they have no say in it.
fn about(command: &str, body: &Value) -> Option<StaffId> {
    let id = command.starts_with("staff_").then(|| body.get("staffId"))??;
    id.as_i64().map(StaffId)
}

fn parse<T: serde::de::DeserializeOwned>(body: Value) -> Result<T, AppError> {
    // A command without fields may be called without a body.
    let body = if body.is_null() { Value::Object(serde_json::Map::new()) } else { body };
    // A list would be read as fields by their place.
    if !body.is_object() {
        return Err(Refusal::BadRequest("no object".to_owned()).into());
    }
    // The error quotes what it was given, and goes to the log: a PIN may stand in the wrong field.
    let has_pin = ["pin", "oldPin"].iter().any(|field| body.get(field).is_some());
    serde_json::from_value(body).map_err(|error| {
        let why = if has_pin { "a field is not as it should be".to_owned() } else { error.to_string() };
        Refusal::BadRequest(why).into()
    })
}
