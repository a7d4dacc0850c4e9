//! What can be done to a delivery, and the forms that it is typed into.

use maud::{Markup, html};

use super::super::View;
use crate::design::components::{self, Choice};
use crate::design::{Lang, Shell, Text};

/// What can be done to a delivery.
#[derive(Clone, Debug)]
pub enum DeliveryAct {
    /// In units of the catalogue: code, and « moyenne, 2,5 UO ».
    Estimate {
        catalogue: Vec<(String, String)>,
        again: bool,
    },
    /// As the customer, or for it: the provider says where it was written.
    Order {
        estimate: u64,
        writes_down: bool,
    },
    Decline {
        estimate: Option<u64>,
        /// It was ordered: the order is withdrawn.
        ordered: bool,
    },
    Present {
        again: bool,
    },
    Decide {
        presented: u64,
        step: String,
        writes_down: bool,
        /// Silence has refused it: it can only be accepted.
        late: bool,
    },
    Show {
        needs: Vec<Choice>,
    },
    Produce,
}

impl DeliveryAct {
    /// Its name, where something is typed for it; `None` for a mere button.
    pub(in super::super) fn folds(&self) -> Option<&'static str> {
        match self {
            DeliveryAct::Estimate { .. } => Some("estimate"),
            DeliveryAct::Order { writes_down, .. } => writes_down.then_some("order"),
            DeliveryAct::Decline { .. } => Some("decline"),
            DeliveryAct::Present { .. } => Some("present"),
            DeliveryAct::Decide { .. } => Some("decide"),
            DeliveryAct::Show { .. } => Some("show"),
            DeliveryAct::Produce => None,
        }
    }
}

pub(super) fn draw(shell: &Shell, view: &View, act: &DeliveryAct) -> Markup {
    let lang = shell.lang;
    let tried = |name: &str| view.undone.as_ref().filter(|undone| undone.act == name);
    let sent = |act: &str, field: &str| tried(act).map_or("", |undone| undone.get(field)).to_owned();
    let folded = |title: Text, name: &str, body: Markup| {
        // What was not done stays open, to be corrected.
        html! { details.act id={ "act-" (name) } open[tried(name).is_some()] { summary { (title) } (form(shell, view, name, body)) } }
    };
    let written = |id: &str, act: &str| {
        let label = lang.t("L’écrit du client : date et objet", "What the customer wrote: date and subject");
        components::input(id, "reference", label, &sent(act, "reference"))
    };
    match act {
        DeliveryAct::Estimate { catalogue, again } => {
            let title = match again {
                true => lang.t("Modifier le chiffrage…", "Change the estimate…"),
                false => lang.t("Chiffrer en unités d’œuvre…", "Estimate in work units…"),
            };
            folded(
                title,
                "estimate",
                html! {
                    fieldset {
                        legend { (lang.t("Nombre de livraisons", "Number of deliveries")) }
                        @for (code, label) in catalogue {
                            @let name = format!("count-{code}");
                            div.field {
                                label for=(name) { (label) }
                                input.short type="number" id=(name) name=(name) min="0" max="1000" value=(sent("estimate", &name));
                            }
                        }
                    }
                    (components::text_area("delivery-estimate", "text", lang.t("Ce qui serait fait", "What would be done"), 3, &sent("estimate", "text")))
                    div.field {
                        label for="delivery-until" { (lang.t("À commander jusqu’au (facultatif)", "To be ordered until (optional)")) }
                        input type="date" id="delivery-until" name="until" value=(sent("estimate", "until"));
                    }
                    button type="submit" { (lang.t("Envoyer le chiffrage", "Send the estimate")) }
                },
            )
        }
        DeliveryAct::Order { estimate, writes_down: false } => form(
            shell,
            view,
            "order",
            html! {
                input type="hidden" name="estimate" value=(estimate);
                button.wide.primary type="submit" { (lang.t("Commander", "Order")) }
            },
        ),
        DeliveryAct::Order { estimate, writes_down: true } => folded(
            lang.t("Consigner la commande…", "Record the order…"),
            "order",
            html! {
                input type="hidden" name="estimate" value=(estimate);
                (written("delivery-order", "order"))
                button type="submit" { (lang.t("Consigner la commande", "Record the order")) }
            },
        ),
        DeliveryAct::Decline { estimate, ordered } => {
            let (title, button) = match ordered {
                true => (
                    lang.t("Retirer la commande…", "Withdraw the order…"),
                    lang.t("Retirer la commande", "Withdraw the order"),
                ),
                false => {
                    (lang.t("Décliner…", "Decline…"), lang.t("Décliner le chiffrage", "Decline the estimate"))
                }
            };
            folded(
                title,
                "decline",
                html! {
                    @if let Some(entry) = estimate { input type="hidden" name="estimate" value=(entry); }
                    (components::text_area("delivery-decline", "text", lang.t("Pourquoi", "Why"), 2, &sent("decline", "text")))
                    button type="submit" { (button) }
                },
            )
        }
        DeliveryAct::Present { again } => {
            let title = match again {
                true => lang.t("Livrer de nouveau…", "Deliver again…"),
                false => lang.t("Livrer…", "Deliver…"),
            };
            folded(
                title,
                "present",
                html! {
                    (components::text_area("delivery-present", "text", lang.t("Version, contenu, comment la vérifier", "Version, contents, how to verify it"), 3, &sent("present", "text")))
                    button type="submit" { (lang.t("Livrer pour recette", "Deliver for acceptance")) }
                },
            )
        }
        DeliveryAct::Decide { presented, step, writes_down, late } => {
            let mut verdicts = vec![
                Choice::new("accepted", lang.t("Acceptée", "Accepted")),
                Choice::new("with_reserves", lang.t("Acceptée avec réserves", "Accepted with reserves")),
            ];
            if !late {
                verdicts.push(Choice::new("refused", lang.t("Refusée", "Refused")));
            }
            let title = match lang {
                Lang::Fr => format!("Prononcer «\u{a0}{step}\u{a0}»…"),
                Lang::En => format!("Answer “{step}”…"),
            };
            html! {
                details.act id="act-decide" open[tried("decide").is_some()] {
                    summary { (title) }
                    (form(shell, view, "decide", html! {
                        input type="hidden" name="presented" value=(presented);
                        input type="hidden" name="step" value=(step);
                        (components::select("delivery-verdict", "verdict", lang.t("Résultat", "Outcome"), &verdicts, &sent("decide", "verdict")))
                        (components::optional_area("delivery-note", "text", lang.t("Réserves, ou motif du refus", "Reserves, or why it is refused"), 3, &sent("decide", "text")))
                        @if *writes_down { (written("delivery-decide", "decide")) }
                        button type="submit" { (lang.t("Prononcer", "Answer")) }
                    }))
                }
            }
        }
        DeliveryAct::Show { needs } => folded(
            lang.t("Ce que demande la production est prêt…", "What production asks for is ready…"),
            "show",
            html! {
                (components::select("delivery-need", "need", lang.t("Quoi", "What"), needs, &sent("show", "need")))
                (components::input("delivery-show", "reference", lang.t("Où, ou comment cela s’est passé", "Where, or how it went"), &sent("show", "reference")))
                button type="submit" { (lang.t("Consigner", "Record")) }
            },
        ),
        DeliveryAct::Produce => form(
            shell,
            view,
            "produce",
            html! { button.wide.primary type="submit" { (lang.t("Mettre en production", "Put into production")) } },
        ),
    }
}

fn form(shell: &Shell, view: &View, name: &str, body: Markup) -> Markup {
    let action = view.customer.path(&format!("/tickets/{}/delivery/{name}", view.number));
    components::act(shell, &action, &format!("{}-delivery-{name}", view.key), "form", body)
}
