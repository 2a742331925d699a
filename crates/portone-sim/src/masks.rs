//! Keeps secrets and tokens out of what is written down.

use serde_json::{Map, Value};

const MASK: &str = "***";
/// The shortest secret, in bytes, that is looked for everywhere. PortOne's have 80 and more.
const SHORTEST: usize = 8;

/// The secrets that are known by their value. They are masked wherever they stand.
#[derive(Default)]
pub(crate) struct Masks(Vec<String>);

impl Masks {
    /// Masks this one from now on, also where it is encoded for a URL.
    pub(crate) fn hide(&mut self, secret: &str) {
        let encoded = form_urlencoded::byte_serialize(secret.as_bytes()).collect();
        for form in [secret.to_owned(), encoded] {
            // A shorter one stands in words that are no secret; its own field is masked by name.
            if form.len() >= SHORTEST && !self.0.contains(&form) {
                self.0.push(form);
            }
        }
    }

    pub(crate) fn text(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, secret| text.replace(secret, MASK))
    }

    pub(crate) fn query(&self, query: &str) -> String {
        let mut masked = form_urlencoded::Serializer::new(String::new());
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let value = if names_a_secret(&name) { MASK.to_owned() } else { self.text(&value) };
            masked.append_pair(&self.text(&name), &value);
        }
        masked.finish()
    }

    pub(crate) fn value(&self, value: Value) -> Value {
        match value {
            Value::String(text) => Value::from(self.text(&text)),
            Value::Array(values) => values.into_iter().map(|value| self.value(value)).collect(),
            Value::Object(fields) => Value::Object(self.fields(fields)),
            Value::Null | Value::Bool(_) | Value::Number(_) => value,
        }
    }

    fn fields(&self, fields: Map<String, Value>) -> Map<String, Value> {
        let mask = |(name, value): (String, Value)| {
            let value = if names_a_secret(&name) { Value::from(MASK) } else { self.value(value) };
            (self.text(&name), value)
        };
        fields.into_iter().map(mask).collect()
    }
}

/// Whether a field of this name holds a secret, in whatever spelling: a real one that was sent here by
/// mistake is not known by its value.
fn names_a_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.contains("secret") || name.contains("token")
}
