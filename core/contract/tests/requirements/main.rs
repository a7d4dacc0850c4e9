//! Requirements of kind `clause`, each tried on a short text: what a contract must say is asked for, what it
//! says is read as the requirement means it. `docs/requirements.csv` names these tests.

mod change;
mod gathered;
mod governance;
mod law;
mod ownership;
mod people;
mod perimeter;
mod places;
mod services;
mod support;
mod term;
