//! Rows about who somebody is: profile, sealed contacts, look-ups, and what changed.

use kernel::{Street, person_name};
use platform::clock::uuid_v7;
use platform::vault::{Blind, DataKey, Place, Vault, VaultError};

use crate::SOURCE;
use crate::batch::Batch;
use crate::calendar::{Day, HOUR_MS, MINUTE_MS, Moment, moment};
use crate::chance::{Chance, Stream};
use crate::instant;
use crate::people::Person;
use crate::places::CITIES;
use crate::scene::Scene;
use crate::words::{AddressKind, Lifecycle, MaritalStatus};

/// A change of a profile's field.
struct Change {
    day: Day,
    field: &'static str,
    before: String,
    after: String,
    reason: &'static str,
}

pub fn write(scene: &Scene, me: usize, vault: &Vault, batch: &mut Batch) -> Result<(), VaultError> {
    let person = &scene.neighbourhood.people[me];
    let created = created_at(person);
    let (key, wrapped) = vault.new_data_key(person.cardholder_id)?;
    let changes = changes(scene, me);
    write_profile(scene, me, (vault, &key), &changes, batch)?;
    batch
        .keys
        .row()
        .uuid(person.cardholder_id)
        .bytes(&wrapped.bytes)
        .text(&wrapped.master_key_id)
        .time(created);
    batch.customer_nos.row().text(&person.customer_no).uuid(person.cardholder_id);
    write_grams(scene, person, batch);
    write_phones(person, vault, &key, batch)?;
    write_emails(person, vault, &key, batch)?;
    write_addresses(person, vault, &key, batch)?;
    write_changes(scene, person, &changes, batch);
    Ok(())
}

/// The moment a cardholder's file was made is the one that their id carries.
fn created_at(person: &Person) -> Moment {
    platform::clock::moment_of(person.cardholder_id).map_or(0, |at| at.timestamp_millis())
}

fn lifecycle_reason(lifecycle: Lifecycle) -> Option<&'static str> {
    match lifecycle {
        Lifecycle::Prospect | Lifecycle::Active => None,
        Lifecycle::Dormant => Some("连续一年以上无主动交易"),
        Lifecycle::Closed => Some("客户申请销户"),
        Lifecycle::Deceased => Some("家属告知并提交证明"),
    }
}

fn write_profile(
    scene: &Scene,
    me: usize,
    (vault, key): (&Vault, &DataKey),
    changes: &[Change],
    batch: &mut Batch,
) -> Result<(), VaultError> {
    let (world, person) = (&scene.world, &scene.neighbourhood.people[me]);
    let id = person.national_id.as_ref();
    let place = Place { table: "cardholders", column: "national_id_sealed", row: person.cardholder_id };
    let sealed = id.map(|id| key.seal(place, id.expose())).transpose()?;
    let blind = id.map(|id| vault.blind(Blind::NationalId, id.expose()));
    let created = created_at(person);
    let updated = changes.iter().map(|change| moment(change.day, 15 * HOUR_MS)).max().unwrap_or(created);
    let employer = scene.destinies[me]
        .employer_now(world, person)
        .map(|employer| world.employers.all[employer as usize].name.as_str());
    let knows_income = person.lifecycle != Lifecycle::Prospect;
    // What people declare is round.
    let income = knows_income.then_some((person.persona.yearly_income / 100_000).max(1) * 100_000);
    let (pinyin, initials) = person_name::pinyin_of(&person.name);
    let mut row = batch.cardholders.row();
    row.uuid(person.cardholder_id).text(&person.customer_no).text(&person.name).text(&pinyin).text(&initials);
    row.text(person.gender.as_str()).date(person.born).maybe_text(id.map(|_| person.id_kind.as_str()));
    row.maybe_bytes(sealed.as_ref().map(platform::vault::Sealed::as_bytes)).maybe_bytes(blind.as_deref());
    row.maybe_text(id.map(kernel::NationalId::masked).as_deref())
        .text(person.nationality)
        .text(person.occupation.name);
    row.maybe_text(employer).maybe_text(person.education.map(|word| word.as_str()));
    row.maybe_text(person.marital_status.map(|word| word.as_str()))
        .maybe_big(income)
        .maybe_text(income.map(|_| "CNY"));
    row.uuid(world.tree[person.branch].branch_id)
        .maybe_uuid(person.manager.map(|at| world.staff[at].staff_id));
    row.text(person.lifecycle.as_str())
        .maybe_text(lifecycle_reason(person.lifecycle))
        .date(person.opened)
        .text(SOURCE);
    row.big(1 + changes.len() as i64).time(created).time(updated);
    drop(row);
    if let Some(blind) = blind {
        batch.national_ids.row().bytes(&blind).uuid(person.cardholder_id);
    }
    Ok(())
}

fn write_grams(scene: &Scene, person: &Person, batch: &mut Batch) {
    let (pinyin, initials) = person_name::pinyin_of(&person.name);
    let branch_id = scene.world.tree[person.branch].branch_id;
    for gram in person_name::grams_of(&person.name, &pinyin, &initials) {
        batch.grams.row().text(&gram).text(&pinyin).uuid(person.cardholder_id).uuid(branch_id);
    }
}

fn write_phones(person: &Person, vault: &Vault, key: &DataKey, batch: &mut Batch) -> Result<(), VaultError> {
    let created = created_at(person) + MINUTE_MS;
    for phone in &person.phones {
        let place = Place { table: "cardholder_phones", column: "number_sealed", row: phone.phone_id };
        let sealed = key.seal(place, phone.number.expose())?;
        let number = vault.blind(Blind::PhoneNumber, phone.number.expose());
        let tail = vault.blind(Blind::PhoneTail, phone.number.tail());
        let mut row = batch.phones.row();
        row.uuid(person.cardholder_id).uuid(phone.phone_id).text(phone.kind.as_str()).flag(phone.is_primary);
        row.bytes(sealed.as_bytes()).bytes(&number).bytes(&tail).text(&phone.number.masked());
        row.maybe_time(phone.is_verified.then_some(created + 10 * MINUTE_MS)).time(created);
        drop(row);
        batch.phone_numbers.row().bytes(&number).uuid(person.cardholder_id);
        if !person
            .phones
            .iter()
            .any(|other| other.phone_id < phone.phone_id && other.number.tail() == phone.number.tail())
        {
            batch.phone_tails.row().bytes(&tail).uuid(person.cardholder_id);
        }
    }
    Ok(())
}

fn write_emails(person: &Person, vault: &Vault, key: &DataKey, batch: &mut Batch) -> Result<(), VaultError> {
    let created = created_at(person) + 2 * MINUTE_MS;
    for (nth, email) in person.emails.iter().enumerate() {
        let place = Place { table: "cardholder_emails", column: "address_sealed", row: email.email_id };
        let sealed = key.seal(place, email.address.expose())?;
        let blind = vault.blind(Blind::EmailAddress, &email.address.folded());
        let mut row = batch.emails.row();
        row.uuid(person.cardholder_id).uuid(email.email_id).text(email.kind.as_str()).flag(nth == 0);
        row.bytes(sealed.as_bytes()).bytes(&blind).text(&email.address.masked());
        row.maybe_time(email.is_verified.then_some(created + 30 * MINUTE_MS)).time(created);
        drop(row);
        batch.email_addresses.row().bytes(&blind).uuid(person.cardholder_id);
    }
    Ok(())
}

fn write_addresses(
    person: &Person,
    vault: &Vault,
    key: &DataKey,
    batch: &mut Batch,
) -> Result<(), VaultError> {
    let created = created_at(person) + 3 * MINUTE_MS;
    for (nth, address) in person.addresses.iter().enumerate() {
        let place = Place { table: "cardholder_addresses", column: "street_sealed", row: address.address_id };
        let street = Street::new(&address.street);
        let sealed = key.seal(place, street.expose())?;
        let blind = vault.blind(Blind::Street, &street.folded());
        let city = &CITIES[usize::from(address.city)];
        let mut row = batch.addresses.row();
        row.uuid(person.cardholder_id).uuid(address.address_id).text(address.kind.as_str()).flag(nth == 0);
        row.text("CN").text(city.province).text(city.full_name).text(city.districts[address.district]);
        row.bytes(sealed.as_bytes())
            .bytes(&blind)
            .text(&street.masked())
            .text(&city.postcode(address.district));
        row.maybe_time((address.kind == AddressKind::Home).then_some(created)).time(created);
        drop(row);
        let is_new = person.addresses.iter().take(nth).all(|other| other.street != address.street);
        if is_new {
            batch.streets.row().bytes(&blind).uuid(person.cardholder_id);
        }
    }
    Ok(())
}

/// What became of a profile since it was opened, as far as the history goes.
fn changes(scene: &Scene, me: usize) -> Vec<Change> {
    let (world, person, destiny) = (&scene.world, &scene.neighbourhood.people[me], &scene.destinies[me]);
    let mut changes = Vec::new();
    let mut add = |day, field, before: &str, after: &str, reason| {
        changes.push(Change { day, field, before: before.to_owned(), after: after.to_owned(), reason });
    };
    if let (Some(ended), Some(reason)) = (person.ended, lifecycle_reason(person.lifecycle)) {
        add(ended, "lifecycle", Lifecycle::Active.as_str(), person.lifecycle.as_str(), reason);
    }
    let (then, now) = (person.employer, destiny.employer_now(world, person));
    if let (Some(then), Some(now), Some((_, until))) = (then, now, destiny.out_of_work)
        && then != now
    {
        let name = |employer: u32| world.employers.all[employer as usize].name.as_str();
        add(until.min(world.calendar.today - 1), "employer", name(then), name(now), "客户更新工作单位");
    }
    for event in destiny.events.iter().filter(|event| event.kind == "marriage") {
        add(
            event.day,
            "marital_status",
            MaritalStatus::Single.as_str(),
            MaritalStatus::Married.as_str(),
            "客户更新婚姻状况",
        );
    }
    changes
}

fn write_changes(scene: &Scene, person: &Person, changes: &[Change], batch: &mut Batch) {
    let world = &scene.world;
    let mut chance = Chance::of(world.plan.seed, Stream::Contacts, u64::from(person.number) | 1 << 40);
    let mut write = |at: Moment, field: &str, (before, after): (Option<&str>, &str), reason: Option<&str>| {
        let clerk = &world.staff[*chance.one(&world.desks[person.branch].tellers)];
        let mut row = batch.changes.row();
        row.uuid(person.cardholder_id).time(at).uuid(uuid_v7(instant(at), chance.tail())).text(field);
        row.maybe_text(before).text(after).maybe_text(reason).uuid(clerk.staff_id).text(&clerk.name);
    };
    write(created_at(person), "created", (None, &person.customer_no), None);
    for change in changes {
        let at = moment(change.day, 15 * HOUR_MS);
        write(at, change.field, (Some(&change.before), &change.after), Some(change.reason));
    }
}
