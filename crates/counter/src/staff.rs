//! The people of the shop: who comes in, who is taken on, who may do what.

use ledger::people::Person;
use ledger::{Actor, StaffId};

use crate::error::{AppError, Refusal};
use crate::host::{Host, PeopleChange};
use crate::state::{app_state, require_approved, require_book};
use crate::wire::{
    AppState, Approvers, ApproversAsk, Door, Empty, Event, MemberPhone, MemberPhoneAsk, Nothing, PersonView,
    SignIn, StaffAdd, StaffEdit, StaffFirstOwner, StaffIdle, StaffList, StaffNames, StaffPinSet, StaffUnlock,
    StaffView,
};

/// What is answered while nobody is signed in: the frame, the names to choose from, and the way in.
const WITHOUT_SIGNING_IN: [&str; 3] = ["app_state", "staff_names", "sign_in"];

/// Whether a command is answered only to somebody who is signed in.
#[must_use]
pub fn needs_sign_in(command: &str) -> bool {
    !WITHOUT_SIGNING_IN.contains(&command)
}

fn short(person: Person) -> StaffView {
    StaffView { id: person.id, name: person.name, role: person.role }
}

fn nobody_yet<H: Host>(host: &H) -> Result<(), AppError> {
    match host.door() {
        Door::Unclaimed => Err(Refusal::OwnerNeeded.into()),
        Door::SignedOut | Door::SignedIn => Ok(()),
    }
}

pub(crate) async fn names<H: Host>(host: &H, _: Actor, _: Empty) -> Result<StaffNames, AppError> {
    let people = host.people().await?.people;
    Ok(StaffNames { people: people.into_iter().filter(|person| person.active).map(short).collect() })
}

pub(crate) async fn approvers<H: Host>(
    host: &H,
    actor: Actor,
    ask: ApproversAsk,
) -> Result<Approvers, AppError> {
    let people = host.people().await?.people;
    let may = |who: StaffId| ledger::people::rules::may_approve(actor.id, who, ask.about, &people);
    let of_use = people.iter().filter(|person| may(person.id)).cloned().map(short).collect();
    Ok(Approvers { people: of_use })
}

pub(crate) async fn list<H: Host>(host: &H, _: Actor, _: Empty) -> Result<StaffList, AppError> {
    let register = host.people().await?;
    let view = |person: &Person| PersonView {
        id: person.id,
        name: person.name.clone(),
        role: person.role,
        active: person.active,
        locked: ledger::people::rules::is_locked(person, &register.people),
        failed: person.failed,
    };
    Ok(StaffList { people: register.people.iter().map(view).collect(), idle_minutes: register.idle_minutes })
}

pub(crate) async fn first_owner<H: Host>(
    host: &H,
    _: Actor,
    ask: StaffFirstOwner,
) -> Result<AppState, AppError> {
    let actor = host.first_owner(ask.request_id, ask.name, ask.pin).await?;
    host.emit(Event::State);
    app_state(host, actor, Empty {}).await
}

pub(crate) async fn sign_in<H: Host>(host: &H, _: Actor, ask: SignIn) -> Result<AppState, AppError> {
    let actor = host.sign_in(ask.staff_id, ask.pin).await?;
    host.emit(Event::State);
    app_state(host, actor, Empty {}).await
}

pub(crate) async fn sign_out<H: Host>(host: &H, _: Actor, _: Empty) -> Result<Nothing, AppError> {
    host.sign_out().await?;
    host.emit(Event::State);
    Ok(Nothing {})
}

/// Somebody touched the screen. Nothing else keeps it open: a timer of the screen's is nobody.
pub(crate) async fn active<H: Host>(host: &H, _: Actor, _: Empty) -> Result<Nothing, AppError> {
    host.somebody_is_here();
    Ok(Nothing {})
}

async fn changed<H: Host>(host: &H, actor: Actor) -> Result<StaffList, AppError> {
    host.emit(Event::State);
    list(host, actor, Empty {}).await
}

pub(crate) async fn add<H: Host>(host: &H, actor: Actor, ask: StaffAdd) -> Result<StaffList, AppError> {
    nobody_yet(host)?;
    let StaffAdd { request_id, name, role, pin } = ask;
    host.change_people(actor, request_id, PeopleChange::Add { name, role, pin }).await?;
    changed(host, actor).await
}

pub(crate) async fn edit<H: Host>(host: &H, actor: Actor, ask: StaffEdit) -> Result<StaffList, AppError> {
    nobody_yet(host)?;
    let StaffEdit { request_id, staff_id: who, name, role, active } = ask;
    host.change_people(actor, request_id, PeopleChange::Edit { who, name, role, active }).await?;
    changed(host, actor).await
}

/// One's own PIN with the old one; another's as a manager, with approval.
pub(crate) async fn pin_set<H: Host>(host: &H, actor: Actor, ask: StaffPinSet) -> Result<Nothing, AppError> {
    nobody_yet(host)?;
    let StaffPinSet { request_id, staff_id: who, pin, old_pin } = ask;
    if who == actor.id {
        let old = old_pin.ok_or(Refusal::BadRequest("oldPin".to_owned()))?;
        ledger::people::rules::usable(pin.digits())?;
        host.own_pin(actor, old, "pin_set").await?;
    } else {
        crate::state::require(actor, ledger::Role::Manager)?;
        require_approved(host, actor)?;
    }
    host.change_people(actor, request_id, PeopleChange::Pin { who, pin }).await?;
    host.emit(Event::State);
    Ok(Nothing {})
}

pub(crate) async fn unlock<H: Host>(host: &H, actor: Actor, ask: StaffUnlock) -> Result<StaffList, AppError> {
    nobody_yet(host)?;
    host.change_people(actor, ask.request_id, PeopleChange::Unlock { who: ask.staff_id }).await?;
    changed(host, actor).await
}

pub(crate) async fn idle<H: Host>(host: &H, actor: Actor, ask: StaffIdle) -> Result<StaffList, AppError> {
    nobody_yet(host)?;
    host.change_people(actor, ask.request_id, PeopleChange::Idle { minutes: ask.minutes }).await?;
    changed(host, actor).await
}

/// A whole phone number is personal data: whoever wants to see it says again who they are, and it is written down before
/// it is shown.
pub(crate) async fn phone<H: Host>(
    host: &H,
    actor: Actor,
    ask: MemberPhoneAsk,
) -> Result<MemberPhone, AppError> {
    require_book(host)?;
    match host.door() {
        Door::Unclaimed => {}
        Door::SignedOut | Door::SignedIn => {
            let pin = ask.pin.ok_or(Refusal::BadRequest("pin".to_owned()))?;
            host.own_pin(actor, pin, "member_phone").await?;
        }
    }
    let (by, member) = (actor.by(host.now(), host.new_request()), ask.member_id);
    let digits = host
        .write(move |book| {
            let digits = book.reader().member(member)?.phone;
            book.audit(&by, "member_phone", &member.0.to_string())?;
            Ok(digits)
        })
        .await?;
    Ok(MemberPhone { phone: ledger::whole(&digits) })
}
