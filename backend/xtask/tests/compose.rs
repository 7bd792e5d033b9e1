//! `docker-compose.yml` is right as far as that can be seen without an engine.

use std::fs;
use std::path::Path;

use serde_json::Value;

#[cfg(test)]
mod file {
    use super::*;

    pub fn root() -> &'static Path {
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
    }

    pub fn text() -> String {
        fs::read_to_string(root().join("docker-compose.yml")).unwrap()
    }

    pub fn parsed() -> Value {
        serde_saphyr::from_str(&text()).unwrap()
    }

    pub fn services() -> Vec<(String, Value)> {
        let compose = parsed();
        let services = compose["services"].as_object().unwrap();
        services.iter().map(|(name, service)| (name.clone(), service.clone())).collect()
    }

    pub fn strings(value: &Value) -> Vec<&str> {
        value.as_array().map(|items| items.iter().filter_map(Value::as_str).collect()).unwrap_or_default()
    }
}

#[test]
fn the_file_follows_the_compose_schema() {
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/compose-spec.json");
    let schema: Value = serde_json::from_str(&fs::read_to_string(schema).unwrap()).unwrap();
    let validator = jsonschema::draft7::new(&schema).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(&file::parsed())
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));

    let mut wrong = file::parsed();
    wrong["services"]["db"]["ports"] = "many".into();
    assert!(!validator.is_valid(&wrong), "the schema sees what is wrong");
}

#[test]
fn the_bank_is_a_database_an_application_and_a_web_server() {
    let names: Vec<String> = file::services().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names.len(), 3);
    for name in ["db", "app", "web"] {
        assert!(names.iter().any(|known| known == name), "{name}");
    }
}

#[test]
fn every_image_is_pinned_and_every_build_has_its_dockerfile() {
    for (name, service) in file::services() {
        let image = service["image"].as_str().unwrap();
        let tag = image.rsplit_once(':').map(|(_, tag)| tag).unwrap_or_default();
        assert!(tag.starts_with(|c: char| c.is_ascii_digit()), "{name}: {image}");
        if let Some(dockerfile) = service["build"]["dockerfile"].as_str() {
            assert!(file::root().join(dockerfile).is_file(), "{name}: {dockerfile}");
        }
    }
}

#[test]
fn every_name_that_is_used_is_declared() {
    let compose = file::parsed();
    for (name, service) in file::services() {
        for other in service["depends_on"].as_object().into_iter().flat_map(|names| names.keys()) {
            assert!(compose["services"][other].is_object(), "{name} depends on {other}");
            assert!(compose["services"][other]["healthcheck"].is_object(), "{other} says when it is healthy");
        }
        for network in file::strings(&service["networks"]) {
            assert!(compose["networks"].get(network).is_some(), "{name} is in {network}");
        }
        for volume in file::strings(&service["volumes"]) {
            let source = volume.split(':').next().unwrap();
            let is_there = if source.starts_with("./") {
                file::root().join(source).exists()
            } else {
                compose["volumes"].get(source).is_some()
            };
            assert!(is_there, "{name} mounts {source}");
        }
    }
}

#[test]
fn no_password_has_a_default_and_none_is_written_down() {
    let text = file::text();
    let uses: Vec<&str> = text.split("${").skip(1).filter_map(|rest| rest.split('}').next()).collect();
    let passwords: Vec<&&str> = uses.iter().filter(|used| used.contains("PASSWORD")).collect();
    assert_eq!(passwords.len(), 5);
    for used in passwords {
        assert!(used.contains(":?"), "${{{used}}}");
    }
    for (name, service) in file::services() {
        let settings = service["environment"].as_object().cloned().unwrap_or_default();
        for (key, value) in settings {
            let is_secret = key.contains("PASSWORD") || key.contains("URL");
            assert!(!is_secret || value.as_str().unwrap().contains(":?"), "{name}: {key}");
        }
    }
}

#[test]
fn only_the_database_may_write_beside_its_volumes() {
    for (name, service) in file::services() {
        assert!(file::strings(&service["security_opt"]).contains(&"no-new-privileges:true"), "{name}");
        if name != "db" {
            assert_eq!(service["read_only"], true, "{name}");
            assert_eq!(file::strings(&service["cap_drop"]), ["ALL"], "{name}");
        }
        assert!(name == "web" || service["ports"].is_null(), "{name} is published");
    }
}
