//! Articles and runbooks: written, reviewed, found, suggested; and never by whom they are not for.

mod common;
#[path = "knowledge/retry.rs"]
mod retry;

use app::access::Items;
use app::accounts::NewAccount;
use app::accounts::roles::NewRole;
use app::knowledge::{Filter, Freshness, Key, Match, Sought, WriteArticle, Written};
use app::privacy::Forget;
use app::ticket::OpenTicket;
use app::{Act, AppError, Permit, Principal, Role};
use base::id::CustomerId;
use common::signed;
use events::{ArticleState, Audience, Ground};
use jiff::civil::date;
use testkit::Instance;

const PUBLISHED: ArticleState = ArticleState::Published;

struct Ground1 {
    instance: Instance,
    customer: CustomerId,
}

fn article(title: &str, body: &str, audience: Audience, items: &[&str]) -> WriteArticle {
    WriteArticle {
        title: title.to_owned(),
        body: body.to_owned(),
        audience,
        items: items.iter().map(|&i| i.to_owned()).collect(),
        review_by: Some(date(2026, 12, 31)),
        ..WriteArticle::default()
    }
}

impl Ground1 {
    fn new(seed: u64) -> Ground1 {
        let instance = Instance::new(seed);
        let customer = signed(&instance, "atelier");
        Ground1 { instance, customer }
    }

    fn may(&self, role: Role, act: Act) -> Permit {
        self.instance.permit(role, act, self.customer)
    }

    fn reads(&self, role: Role) -> Permit {
        self.may(role, Act::SeeKnowledge)
    }

    fn writes(&self) -> Permit {
        self.may(Role::Technician, Act::WriteKnowledge)
    }

    fn write(&self, ask: &WriteArticle) -> Written {
        self.instance.app().write_article(&self.writes(), &self.instance.key(), ask).unwrap()
    }

    fn move_to(&self, number: u64, to: ArticleState) -> Result<Written, AppError> {
        self.instance.app().move_article(&self.writes(), &self.instance.key(), number, to)
    }

    fn published(&self, ask: &WriteArticle) -> u64 {
        let number = self.write(ask).number;
        self.move_to(number, PUBLISHED).unwrap();
        number
    }

    fn listed(&self, permit: &Permit) -> Vec<u64> {
        self.listed_by(permit, &Filter::default())
    }

    fn listed_by(&self, permit: &Permit, filter: &Filter) -> Vec<u64> {
        let (lines, next) = self.instance.app().articles(permit, filter, None, 50).unwrap();
        assert_eq!(next, None);
        lines.iter().map(|l| l.article.number).collect()
    }

    fn found(&self, who: &Principal, words: &str) -> Vec<u64> {
        let see = who.permit(Act::SeeTickets, self.customer).unwrap();
        let found = self.instance.app().search(&see, words, None, 10).unwrap();
        found.knowledge.iter().map(|hit| hit.number).collect()
    }

    fn suggested(&self, permit: &Permit, sought: &Sought) -> Vec<(u64, Vec<Match>)> {
        let found = self.instance.app().suggest_articles(permit, sought, 10).unwrap();
        found.into_iter().map(|s| (s.line.article.number, s.because)).collect()
    }

    /// A subcontractor that works on one server.
    fn third_party(&self) -> Principal {
        let new = NewAccount {
            email: "marc@editeur.example",
            name: "Marc Éditeur",
            password: "une phrase assez longue",
            role: Role::ThirdPartyTechnician,
            customer: None,
            totp_secret: None,
        };
        let app = self.instance.app();
        let account = app.add_account(&new).unwrap();
        let about = Items { items: vec!["srv-erp".to_owned()], ..Items::default() };
        let (role, customer) = (Role::ThirdPartyTechnician, Some(self.customer));
        app.assign(&NewRole { account, role, customer, contract: None, about }).unwrap();
        let person = app.principal(account).unwrap();
        self.instance.undertake(&person, self.customer);
        person
    }
}

fn refused<T: std::fmt::Debug>(answer: Result<T, AppError>) -> String {
    match answer {
        Err(AppError::Refused(refusal)) => refusal.code,
        other => panic!("{other:?}"),
    }
}

fn absent<T>(answer: Result<T, AppError>) -> bool {
    matches!(answer, Err(AppError::NotFound))
}

#[test]
fn a_draft_is_published_rewritten_and_retired() {
    let g = Ground1::new(90);
    let (app, staff) = (g.instance.app(), g.reads(Role::Technician));
    let ask = WriteArticle {
        review_by: None,
        ..article("Vider la file", "Ouvrez **Services**.", Audience::Parties, &["srv-fic"])
    };
    let key = g.instance.key();
    let first = app.write_article(&g.writes(), &key, &ask).unwrap();
    assert_eq!((first.number, first.version, first.state), (1, 1, ArticleState::Draft));
    assert_eq!(app.write_article(&g.writes(), &key, &ask).unwrap(), first, "a retry");
    assert_eq!(refused(g.move_to(1, PUBLISHED)), "article.review_date", "what is published is reviewed");
    assert!(absent(app.article(&g.reads(Role::CustomerManager), 1)), "a draft is the provider's");

    let dated = WriteArticle { review_by: Some(date(2026, 12, 31)), ..ask.clone() };
    let rewrite =
        |based_on, ask: &WriteArticle| app.rewrite_article(&g.writes(), &g.instance.key(), 1, based_on, ask);
    assert_eq!(rewrite(1, &dated).unwrap().version, 2);
    assert_eq!(refused(rewrite(1, &dated)), "article.changed", "somebody wrote in between");
    g.move_to(1, PUBLISHED).unwrap();
    assert_eq!(refused(g.move_to(1, PUBLISHED)), "article.state");
    assert_eq!(refused(g.move_to(1, ArticleState::Draft)), "article.state", "never a draft again");
    assert_eq!(refused(rewrite(2, &ask)), "article.review_date");
    let third = WriteArticle { body: "Ouvrez *Services*, puis attendez.".to_owned(), ..dated };
    assert_eq!(rewrite(2, &third).unwrap().state, PUBLISHED);

    let page = app.article(&staff, 1).unwrap();
    assert_eq!(page.versions.iter().map(|v| v.version).collect::<Vec<_>>(), [3, 2, 1]);
    assert_eq!(page.line.about.items, [("srv-fic".to_owned(), page.line.about.items[0].1.clone())]);
    assert_eq!(app.article_version(&staff, 1, 1).unwrap().body, "Ouvrez **Services**.");
    let theirs = g.reads(Role::CustomerUser);
    let read = app.article(&theirs, 1).unwrap();
    assert_eq!((read.body.as_str(), read.versions.len()), ("Ouvrez *Services*, puis attendez.", 0));
    assert!(absent(app.article_version(&theirs, 1, 1)), "earlier versions may not have been for them");

    g.move_to(1, ArticleState::Retired).unwrap();
    assert!(absent(app.article(&theirs, 1)));
    assert!(g.found(&g.instance.staff(Role::Technician), "services").is_empty(), "found no more");
    assert!(app.article(&staff, 1).is_ok());
    g.instance.finish();
}

#[test]
fn names_are_the_contracts_and_owners_may_write() {
    let g = Ground1::new(91);
    let app = g.instance.app();
    let ask = article("Un", "Deux", Audience::Internal, &[]);
    let wrong = |change: &dyn Fn(&mut WriteArticle)| {
        let mut ask = ask.clone();
        change(&mut ask);
        match app.write_article(&g.writes(), &g.instance.key(), &ask) {
            Err(AppError::Invalid(invalid)) => invalid.field,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(wrong(&|a| a.items = vec!["srv-inconnu".to_owned()]), "items");
    assert_eq!(wrong(&|a| a.classes = vec!["fusée".to_owned()]), "classes");
    assert_eq!(wrong(&|a| a.operations = vec!["danse".to_owned()]), "operations");
    assert_eq!(wrong(&|a| a.kinds = vec!["panne".to_owned()]), "kinds");
    assert_eq!(wrong(&|a| a.contract = Some("CTR-0".to_owned())), "contract");
    assert_eq!(wrong(&|a| a.review_by = Some(date(2026, 6, 15))), "review_by");
    assert_eq!(wrong(&|a| a.title = " ".to_owned()), "title");
    let manager = g.instance.someone(Role::CustomerManager, g.customer);
    assert_eq!(wrong(&|a| a.owner = Some(manager.email.clone())), "owner");
    assert_eq!(wrong(&|a| a.owner = Some("personne@ailleurs.example".to_owned())), "owner");
    assert_eq!(wrong(&|a| a.from_ticket = Some(7)), "from_ticket");

    let developer = g.instance.staff(Role::Developer);
    let owned = WriteArticle { owner: Some(developer.email.clone()), ..ask.clone() };
    let number = g.write(&owned).number;
    let page = app.article(&g.reads(Role::Technician), number).unwrap();
    assert_eq!((page.line.owner, page.line.article.owner), (developer.name, developer.account));
    assert!(app.article_owners(&g.writes()).unwrap().iter().any(|o| o.id == developer.account));
}

#[test]
fn an_internal_article_does_not_exist_for_the_customer() {
    let g = Ground1::new(92);
    let app = g.instance.app();
    let shared =
        g.published(&article("Bourrage papier", "Imprimante bloquée", Audience::Parties, &["srv-fic"]));
    let internal =
        g.published(&article("Bourrage interne", "Imprimante bloquée", Audience::Internal, &["srv-fic"]));
    g.write(&article("Bourrage brouillon", "Imprimante bloquée", Audience::Parties, &["srv-fic"]));
    let sought =
        Sought { words: "imprimante".to_owned(), item: Some("srv-fic".to_owned()), ..Sought::default() };
    for role in [Role::CustomerDirector, Role::CustomerManager, Role::CustomerUser, Role::CustomerAuditor] {
        let (who, see) = (g.instance.someone(role, g.customer), g.reads(role));
        assert_eq!(g.listed(&see), [shared], "{role:?}");
        for filter in [
            Filter { audience: Some(Audience::Internal), ..Filter::default() },
            Filter { state: Some(ArticleState::Draft), ..Filter::default() },
        ] {
            assert!(g.listed_by(&see, &filter).is_empty(), "{role:?}");
        }
        let by_item = Filter { item: Some("srv-fic".to_owned()), ..Filter::default() };
        assert_eq!(g.listed_by(&see, &by_item), [shared]);
        assert_eq!(g.found(&who, "bourrage"), [shared]);
        assert!(g.found(&who, "interne").is_empty());
        assert_eq!(g.suggested(&see, &sought).iter().map(|s| s.0).collect::<Vec<_>>(), [shared]);
        assert_eq!(app.freshness(&see).unwrap(), None, "nor counted");
        assert!(app.overdue_articles(&see, None, 10).unwrap().lines.is_empty());
        assert!(app.copy_destinations(&see).unwrap().is_empty());
        let said = |n| app.article(&see, n).map(drop).unwrap_err().to_string();
        assert_eq!(said(internal), said(999));
    }
    assert_eq!(g.listed(&g.reads(Role::ProviderAuditor)).len(), 3);
    assert_eq!(g.found(&g.instance.staff(Role::Technician), "bourrage").len(), 3);

    // What becomes internal leaves the customer's search with the version that says so.
    let ask = article("Bourrage papier", "Imprimante bloquée", Audience::Internal, &["srv-fic"]);
    app.rewrite_article(&g.writes(), &g.instance.key(), shared, 1, &ask).unwrap();
    let user = g.instance.someone(Role::CustomerUser, g.customer);
    assert!(g.found(&user, "bourrage").is_empty() && g.listed(&g.reads(Role::CustomerUser)).is_empty());
}

#[test]
fn a_third_party_reads_what_names_its_item() {
    let g = Ground1::new(93);
    let app = g.instance.app();
    let mine = g.published(&article("Relance", "Du progiciel", Audience::Parties, &["srv-fic", "srv-erp"]));
    g.published(&article("Relance fichiers", "Du serveur", Audience::Parties, &["srv-fic"]));
    g.published(&article("Relance générale", "De tout", Audience::Parties, &[]));
    g.published(&article("Relance interne", "Du progiciel", Audience::Internal, &["srv-erp"]));
    let who = g.third_party();
    let see = who.permit(Act::SeeKnowledge, g.customer).unwrap();
    assert_eq!(g.listed(&see), [mine]);
    assert_eq!(g.found(&who, "relance"), [mine]);
    let sought =
        Sought { words: "relance".to_owned(), item: Some("srv-fic".to_owned()), ..Sought::default() };
    assert_eq!(g.suggested(&see, &sought).iter().map(|s| s.0).collect::<Vec<_>>(), [mine]);
    let page = app.article(&see, mine).unwrap();
    assert_eq!(page.line.about.items.len(), 1, "not the other server");
    assert_eq!((page.line.helped, page.line.about.contract), (None, None));
    assert!(who.permit(Act::WriteKnowledge, g.customer).is_err());
    let pages = app.articles(&see, &Filter::default(), None, 1).unwrap();
    assert_eq!(pages.1, None, "where a page ends tells nothing of the others");
}

#[test]
fn freshness_counts_what_was_read_again_in_time() {
    let g = Ground1::new(94);
    let app = g.instance.app();
    let see = g.reads(Role::Technician);
    assert_eq!(app.freshness(&see).unwrap().unwrap().percent(), None, "nothing to measure");
    let soon = |title: &str, day| WriteArticle {
        review_by: Some(day),
        ..article(title, "Texte", Audience::Internal, &[])
    };
    let first = g.published(&soon("Un", date(2026, 6, 30)));
    let second = g.published(&soon("Deux", date(2026, 6, 20)));
    g.published(&soon("Trois", date(2026, 9, 1)));
    g.write(&soon("Brouillon", date(2026, 6, 17)));
    assert_eq!(app.freshness(&see).unwrap().unwrap().percent(), Some(100));
    g.instance.at("2026-06-30T23:00");
    assert_eq!(app.freshness(&see).unwrap(), Some(Freshness { published: 3, overdue: 1 }));
    g.instance.at("2026-07-01T00:30");
    let late = app.freshness(&see).unwrap().unwrap();
    assert_eq!((late.overdue, late.percent()), (2, Some(33)));
    let page = app.overdue_articles(&see, None, 1).unwrap();
    assert_eq!(page.next, Some(Key { review_by: date(2026, 6, 20), number: second }), "the latest first");
    let rest = app.overdue_articles(&see, page.next, 1).unwrap();
    assert_eq!((rest.lines[0].article.number, rest.next), (first, None));

    let review = |number, day| app.review_article(&g.writes(), &g.instance.key(), number, day, None);
    let reviewed = review(second, date(2027, 1, 1)).unwrap();
    assert_eq!(reviewed.version, 1, "no new version");
    assert_eq!(app.freshness(&see).unwrap().unwrap().overdue, 1);
    assert!(matches!(review(first, date(2026, 6, 30)), Err(AppError::Invalid(_))), "a day that is over");
    assert_eq!(refused(review(4, date(2027, 1, 1))), "article.state", "a draft is not reviewed");
    let page = app.article(&see, second).unwrap();
    assert_eq!(page.line.article.review_by, Some(date(2027, 1, 1)));
    assert_eq!(page.reviewed, testkit::local("2026-07-01T00:30"));
}

#[test]
fn suggestions_say_why() {
    let g = Ground1::new(95);
    let see = g.reads(Role::CustomerUser);
    let ask = |title: &str, body: &str| article(title, body, Audience::Parties, &[]);
    let item = g.published(&article("Dossiers partagés", "Le serveur", Audience::Parties, &["srv-fic"]));
    let class = g.published(&WriteArticle { classes: vec!["server".to_owned()], ..ask("Serveurs", "Tous") });
    let words = g.published(&ask("Mot de passe oublié", "La messagerie le demande"));
    g.published(&ask("Badge", "Le mot du gardien"));
    let operation = g.published(&WriteArticle {
        operations: vec!["on_site_visit".to_owned()],
        ..ask("Venue", "Sur place")
    });
    g.published(&WriteArticle { kinds: vec!["incident".to_owned()], ..ask("Pannes", "En général") });

    let sought = Sought {
        words: "Mot de passe de la messagerie oublié depuis lundi".to_owned(),
        item: Some("srv-fic".to_owned()),
        operation: Some("on_site_visit".to_owned()),
        kind: Some("incident".to_owned()),
        class: None,
    };
    let found = g.suggested(&see, &sought);
    let because = |number| found.iter().find(|s| s.0 == number).map(|s| s.1.clone());
    assert_eq!(because(item), Some(vec![Match::Item]));
    assert_eq!(because(class), Some(vec![Match::Class]), "the class of the item");
    assert_eq!(because(operation), Some(vec![Match::Operation]));
    let said = ["Mot", "passe", "messagerie", "oublié"].map(str::to_owned).to_vec();
    assert_eq!(because(words), Some(vec![Match::Words(said)]));
    assert_eq!(found.len(), 4, "one word of many is chance, and a kind alone is no reason: {found:?}");
    assert_eq!(found[0].0, words, "four words beat a name");
    assert!(g.suggested(&see, &Sought::default()).is_empty());
}

#[test]
fn an_article_helps_a_ticket_once() {
    let g = Ground1::new(96);
    let app = g.instance.app();
    let number = g.published(&article("Relance", "Du serveur", Audience::Parties, &["srv-fic"]));
    let hidden = g.published(&article("Relance interne", "Du serveur", Audience::Internal, &["srv-fic"]));
    for item in ["srv-fic", "srv-erp"] {
        let ask =
            OpenTicket { title: "Panne".to_owned(), item: Some(item.to_owned()), ..OpenTicket::default() };
        g.instance.open(g.customer, &ask).unwrap();
    }
    let helped = |role, article, ticket| {
        app.article_helped(&g.may(role, Act::Reply), &g.instance.key(), article, ticket)
    };
    helped(Role::Technician, number, 1).unwrap();
    assert_eq!(refused(helped(Role::CustomerUser, number, 1)), "article.helped_already");
    helped(Role::CustomerUser, number, 2).unwrap();
    assert!(absent(helped(Role::CustomerUser, hidden, 2)) && absent(helped(Role::Technician, number, 9)));
    let page = app.article(&g.reads(Role::CustomerUser), number).unwrap();
    assert_eq!(page.line.helped, Some((1, 1)));

    helped(Role::Technician, hidden, 1).unwrap();
    let of_ticket = |permit: &Permit| {
        let (suggested, helped) = app.ticket_articles(permit, 1, 5).unwrap();
        let numbers = |lines: Vec<u64>| lines;
        (
            numbers(suggested.iter().map(|s| s.line.article.number).collect()),
            numbers(helped.iter().map(|l| l.article.number).collect()),
        )
    };
    assert_eq!(of_ticket(&g.reads(Role::Technician)), (vec![], vec![number, hidden]));
    assert_eq!(of_ticket(&g.reads(Role::CustomerUser)), (vec![], vec![number]));
    let third = g.third_party().permit(Act::SeeKnowledge, g.customer).unwrap();
    assert!(absent(app.ticket_articles(&third, 1, 5)), "the ticket is not about its server");
    g.instance.finish();
}

#[test]
fn a_copy_goes_to_another_customer_as_a_draft_of_its_own() {
    let g = Ground1::new(97);
    let (app, neighbour) = (g.instance.app(), g.instance.customer("voisin"));
    let number = g.published(&WriteArticle {
        kinds: vec!["incident".to_owned()],
        ..article("Vider la file", "Ouvrez **Services**.", Audience::Parties, &["srv-fic"])
    });
    let to = g.instance.permit(Role::Technician, Act::WriteKnowledge, neighbour);
    let key = g.instance.key();
    let copy = app.copy_article(&g.reads(Role::Technician), &to, &key, number).unwrap();
    assert_eq!(app.copy_article(&g.reads(Role::Technician), &to, &key, number).unwrap(), copy, "a retry");
    assert_eq!((copy.number, copy.version, copy.state), (1, 1, ArticleState::Draft));
    let there = g.instance.permit(Role::Technician, Act::SeeKnowledge, neighbour);
    let page = app.article(&there, 1).unwrap();
    assert_eq!((page.line.title.as_str(), page.body.as_str()), ("Vider la file", "Ouvrez **Services**."));
    let copied = page.line.article;
    assert_eq!((copied.audience, copied.about.items.len()), (Audience::Internal, 0));
    assert_eq!(copied.about.kinds, ["incident"]);
    let source = app.article(&g.reads(Role::Technician), number).unwrap().line.article;
    assert_eq!(copied.copied_from.map(|c| (c.article, c.version)), Some((source.id, 1)));
    assert!(absent(app.copy_article(&g.reads(Role::CustomerUser), &to, &g.instance.key(), number)));
    assert!(absent(app.copy_article(&g.reads(Role::Technician), &g.writes(), &g.instance.key(), number)));
    let names: Vec<String> =
        app.copy_destinations(&g.reads(Role::Technician)).unwrap().into_iter().map(|d| d.slug).collect();
    assert_eq!(names, ["voisin"]);
    g.instance.finish();
}

#[test]
fn erasing_a_version_takes_its_words_and_leaves_the_others() {
    let g = Ground1::new(98);
    let app = g.instance.app();
    let first = g.write(&article("Contact de Guadalupe", "Elle a la clé", Audience::Internal, &[]));
    g.move_to(first.number, PUBLISHED).unwrap();
    let erase = g.may(Role::ProviderAdmin, Act::Erase);
    let what = Forget::Entries([first.entry].into());
    let done = app.erase(&erase, &g.instance.key(), &what, Ground::Request).unwrap();
    assert_eq!(done.contents, 2);
    let staff = g.instance.staff(Role::Technician);
    assert!(g.found(&staff, "guadalupe").is_empty() && g.found(&staff, "clé").is_empty());
    let ask = article("Contact du gardien", "Il a la clé", Audience::Internal, &[]);
    app.rewrite_article(&g.writes(), &g.instance.key(), first.number, 1, &ask).unwrap();
    assert_eq!(g.found(&staff, "clé"), [first.number]);
    assert!(app.article_version(&g.reads(Role::Technician), 1, 1).unwrap().title.contains("effacé"));
    g.instance.finish();
}

#[test]
fn a_page_follows_the_one_before() {
    let g = Ground1::new(99);
    for n in 0..70 {
        let audience = if n % 7 == 0 { Audience::Parties } else { Audience::Internal };
        g.published(&article(&format!("Article {n}"), "Texte", audience, &[]));
    }
    let see = g.reads(Role::CustomerUser);
    let (mut all, mut before) = (Vec::new(), None);
    loop {
        let (lines, next) = g.instance.app().articles(&see, &Filter::default(), before, 3).unwrap();
        all.extend(lines.iter().map(|l| l.article.number));
        let Some(next) = next else { break };
        before = Some(next);
    }
    assert_eq!(all, [64, 57, 50, 43, 36, 29, 22, 15, 8, 1]);
}

#[test]
fn the_desk_shows_the_oldest_of_many_articles_to_read_again() {
    let g = Ground1::new(985);
    let app = g.instance.app();
    let owner = g.instance.staff(Role::Technician);
    let numbers: Vec<u64> = (0..52)
        .map(|n| {
            g.published(&article(&format!("Procédure {n}"), "Ouvrez Services.", Audience::Internal, &[]))
        })
        .collect();
    app.review_article(&g.writes(), &g.instance.key(), numbers[51], date(2026, 12, 30), None).unwrap();
    g.instance.at("2027-01-02T09:00");
    let desk = owner.permit_instance(Act::SeeDesk).unwrap();
    let shown: Vec<u64> = app.waiting(&desk).unwrap().reviews.into_iter().map(|one| one.number).collect();
    assert_eq!(shown.len(), 50);
    assert_eq!((shown[0], &shown[1..]), (numbers[51], &numbers[..49]), "by date, then by number");
    g.instance.finish();
}

#[test]
fn the_owner_is_told_once_that_a_review_falls_due() {
    let g = Ground1::new(979);
    let app = g.instance.app();
    let owner = g.instance.staff(Role::Technician);
    let number = g.published(&article("Relancer l'ERP", "Ouvrez Services.", Audience::Internal, &[]));
    let told = |day: &str| {
        g.instance.at(&format!("{day}T09:00"));
        app.tell_what_is_due_soon().unwrap();
        app.tell_what_is_due_soon().unwrap();
        let page = app.notifications(&owner, false, None, 50).unwrap();
        page.lines.iter().filter(|line| line.notice == app::mail::Notice::Review).count()
    };
    // On their desk too, from that day until it is read again.
    let waits = |who: &Principal| {
        let desk = who.permit_instance(Act::SeeDesk).unwrap();
        let reviews = app.waiting(&desk).unwrap().reviews;
        reviews.into_iter().map(|one| (one.by, one.number, one.title)).collect::<Vec<_>>()
    };
    assert_eq!(told("2026-12-30"), 0);
    assert_eq!(waits(&owner), []);
    assert_eq!(told("2026-12-31"), 1, "on the day");
    assert_eq!(waits(&owner), [(date(2026, 12, 31), number, "Relancer l'ERP".to_owned())]);
    assert_eq!(waits(&g.instance.staff(Role::ServiceManager)), [], "its owner's only");
    assert_eq!(told("2027-01-02"), 1, "once");
    app.review_article(&g.writes(), &g.instance.key(), number, date(2027, 2, 1), None).unwrap();
    assert_eq!(told("2027-01-31"), 1);
    assert_eq!(waits(&owner), [], "it was read again");
    assert_eq!(told("2027-02-01"), 2, "again at the next date");
    let other = g.instance.staff(Role::Developer);
    assert_eq!(app.unread_notifications(&other).unwrap(), 0, "its owner only");
    g.instance.finish();
}
