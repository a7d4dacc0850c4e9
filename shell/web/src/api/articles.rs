//! `/customers/{customer}/articles`: what is known, written, reviewed and suggested.

use app::knowledge::{ArticleLine, ArticlePage, Filter, Match, Sought, WriteArticle, Written};
use app::{Act, AppError};
use axum::extract;
use axum::response::Response;
use base::id::ArticleId;
use events::{ArticleKind, ArticleState, Audience};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::operation::Operation;
use super::reply::Reply;
use super::request::{At, CONTRACT, Caller, Entity, Key, Parameters, permit};
use super::schema::{Bounded, answer, ask, words};
use super::tickets::{limit, number, unknown_key};
use super::{API, instant};
use crate::http::State;

words! {
    /// What an article is for: `runbook` is to be done step by step.
    ArticleSort ["article", "runbook"];
    /// Who reads it once it is published: the provider only, or both parties.
    ArticleAudience ["internal", "parties"];
    /// Where it stands.
    ArticleStanding ["draft", "published", "retired"];
    /// Where it goes.
    ArticleMove ["published", "retired"];
    /// Why an article is suggested.
    MatchWord ["item", "class", "operation", "kind", "words"];
}

answer! {
    /// An article in a list.
    ArticleRead {
        id: ArticleId,
        number: u64,
        version: u32,
        title: String,
        sort: ArticleSort,
        audience: ArticleAudience,
        state: ArticleStanding,
        /// The number of the contract that the names below are of.
        contract: Option<String>,
        /// Keys of items, of those that the reader sees.
        items: Vec<String>,
        classes: Vec<String>,
        operations: Vec<String>,
        /// Kinds of tickets.
        kinds: Vec<String>,
        /// The name of who answers for it.
        owner: String,
        review_by: Option<Date>,
        /// It is published, and its day of review is past.
        overdue: bool,
        written: Timestamp,
        reviewed: Timestamp,
        /// Tickets it helped with, as the provider's side told; `null` for a third party.
        helped_provider: Option<u64>,
        helped_customer: Option<u64>,
    }

    /// A page of articles, newest first.
    ArticleList {
        items: Vec<ArticleRead>,
        /// Pass as `after` for the next page; `null` on the last one.
        next: Option<String>,
        /// How many articles are published, and how many of them are late; `null` for those who do not
        /// read all of them.
        published: Option<u64>,
        overdue: Option<u64>,
    }

    /// A version of an article.
    ArticleVersion {
        version: u32,
        written: Timestamp,
        by: String,
        audience: ArticleAudience,
        /// Its journal entry.
        entry: u64,
    }

    /// An article, whole.
    ArticleWhole {
        article: ArticleRead,
        /// Markdown.
        body: String,
        /// Newest first, for the provider's people.
        versions: Vec<ArticleVersion>,
        /// The number of the ticket it was written from.
        from_ticket: Option<u64>,
    }

    /// What was written down.
    ArticleWritten {
        number: u64,
        version: u32,
        state: ArticleStanding,
        /// Its journal entry.
        entry: u64,
    }

    /// An article that may help.
    ArticleSuggested {
        article: ArticleRead,
        because: Vec<MatchWord>,
        /// The words of the ticket that it has.
        words: Vec<String>,
    }

    /// What may help, the likeliest first.
    ArticleSuggestions {
        items: Vec<ArticleSuggested>,
    }
}

ask! {
    /// Which articles, and from where.
    ArticlesQuery {
        state: Option<ArticleStanding>,
        audience: Option<ArticleAudience>,
        /// The key of an item.
        item: Option<String>,
        /// 1 to 200; 50 if absent.
        limit: Option<u32>,
        /// The `next` of the page before.
        after: Option<String>,
    }

    /// What a ticket is about.
    SuggestionsQuery {
        /// What is written so far.
        words: Option<String>,
        item: Option<String>,
        item_class: Option<String>,
        operation: Option<String>,
        /// The kind of ticket.
        kind: Option<String>,
        /// 1 to 200; 50 if absent.
        limit: Option<u32>,
    }

    /// A version of an article, whole.
    ArticleAsk {
        title: Bounded<1, 200>,
        /// Markdown.
        body: Bounded<1, 60_000>,
        /// `article` if absent.
        sort: Option<ArticleSort>,
        /// `internal` if absent.
        audience: Option<ArticleAudience>,
        /// The number of the contract that the names below are of; the only one, if absent.
        contract: Option<String>,
        items: Option<Vec<String>>,
        classes: Option<Vec<String>>,
        operations: Option<Vec<String>>,
        /// Kinds of tickets.
        kinds: Option<Vec<String>>,
        /// The e-mail of who answers for it; who does already if absent, and the author at first.
        owner: Option<String>,
        /// What is published has one.
        review_by: Option<Date>,
        /// The version that it takes the place of; refused if it is no longer the current one. Absent for
        /// a new article.
        based_on: Option<u32>,
    }

    /// Where an article goes.
    MoveAsk {
        state: ArticleMove,
    }

    /// It was read again, and is right.
    ReviewAsk {
        review_by: Date,
        /// The e-mail of who answers for it from now on.
        owner: Option<String>,
    }

    /// The ticket that it helped with.
    HelpedAsk {
        ticket: u32,
    }
}

pub fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/customers/{customer}/articles", "listArticles", "knowledge", list)
            .about("Les articles que l'on peut lire", "The articles that one may read")
            .query(ArticlesQuery::properties)
            .gives::<ArticleList>(),
        Operation::post("/customers/{customer}/articles", "writeArticle", "knowledge", write)
            .about("Écrire un article, en brouillon", "Write an article, a draft")
            .takes::<ArticleAsk>(|| vec![("article", example())])
            .gives::<ArticleWritten>(),
        Operation::get("/customers/{customer}/suggestions", "suggestArticles", "knowledge", suggest)
            .about("Ce qui peut aider pour un ticket", "What may help with a ticket")
            .query(SuggestionsQuery::properties)
            .gives::<ArticleSuggestions>(),
        Operation::get("/customers/{customer}/articles/{article}", "showArticle", "knowledge", show)
            .about("Un article et son texte", "An article and its text")
            .gives::<ArticleWhole>(),
        Operation::post(
            "/customers/{customer}/articles/{article}/versions",
            "rewriteArticle",
            "knowledge",
            rewrite,
        )
        .about("Écrire la version suivante", "Write the next version")
        .takes::<ArticleAsk>(|| {
            let mut next = example();
            next["based_on"] = json!(1);
            vec![("version", next)]
        })
        .gives::<ArticleWritten>(),
        Operation::post("/customers/{customer}/articles/{article}/state", "moveArticle", "knowledge", go)
            .about("Publier ou retirer un article", "Publish or retire an article")
            .takes::<MoveAsk>(|| vec![("publish", json!({ "state": "published" }))])
            .gives::<ArticleWritten>(),
        Operation::post(
            "/customers/{customer}/articles/{article}/review",
            "reviewArticle",
            "knowledge",
            review,
        )
        .about("Consigner une relecture", "Record a review")
        .takes::<ReviewAsk>(|| vec![("review", json!({ "review_by": "2027-06-30" }))])
        .gives::<ArticleWritten>(),
        Operation::post(
            "/customers/{customer}/articles/{article}/helped",
            "articleHelped",
            "knowledge",
            helped,
        )
        .about("Dire qu'un article a aidé", "Say that an article helped")
        .takes::<HelpedAsk>(|| vec![("helped", json!({ "ticket": 1 }))])
        .gives::<ArticleWritten>(),
    ]
}

fn example() -> Value {
    let (title, body) = ("Vider la file d'impression", "Ouvrez **Services**, arrêtez le spouleur.");
    json!({ "title": title, "body": body, "audience": "parties", "kinds": ["incident"] })
}

async fn list(
    extract::State(web): extract::State<State>,
    caller: Caller,
    At(customer): At<String>,
    Parameters(query): Parameters<ArticlesQuery>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::SeeKnowledge)?;
            let filter = Filter {
                state: query.state.as_ref().and_then(|s| ArticleState::from_key(s.as_ref())),
                audience: query.audience.as_ref().and_then(|a| Audience::from_key(a.as_ref())),
                item: query.item,
            };
            let after = match &query.after {
                Some(text) => Some(number(text).map_err(|_| unknown_key())?),
                None => None,
            };
            let (lines, next) = app.articles(&permit, &filter, after, limit(query.limit)?)?;
            let fresh = app.freshness(&permit)?;
            Ok(Reply::json(&ArticleList {
                items: lines.into_iter().map(read).collect(),
                next: next.map(|number| number.to_string()),
                published: fresh.map(|f| f.published),
                overdue: fresh.map(|f| f.overdue),
            }))
        })
        .await
}

async fn show(
    extract::State(web): extract::State<State>,
    caller: Caller,
    At((customer, article)): At<(String, String)>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::SeeKnowledge)?;
            Ok(Reply::json(&whole(app.article(&permit, number(&article)?)?)))
        })
        .await
}

async fn suggest(
    extract::State(web): extract::State<State>,
    caller: Caller,
    At(customer): At<String>,
    Parameters(query): Parameters<SuggestionsQuery>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::SeeKnowledge)?;
            let sought = Sought {
                words: query.words.unwrap_or_default(),
                item: query.item,
                class: query.item_class,
                operation: query.operation,
                kind: query.kind,
            };
            let most = usize::try_from(limit(query.limit)?).unwrap_or(usize::MAX);
            let found = app.suggest_articles(&permit, &sought, most)?;
            let items = found.into_iter().map(|s| {
                let mut words = Vec::new();
                let because = s.because.into_iter().map(|reason| {
                    MatchWord::of(match reason {
                        Match::Item => "item",
                        Match::Class => "class",
                        Match::Operation => "operation",
                        Match::Kind => "kind",
                        Match::Words(list) => {
                            words = list;
                            "words"
                        }
                    })
                });
                let because = because.collect();
                ArticleSuggested { article: read(s.line), because, words }
            });
            Ok(Reply::json(&ArticleSuggestions { items: items.collect() }))
        })
        .await
}

async fn write(
    extract::State(web): extract::State<State>,
    caller: Caller,
    Key(key): Key,
    At(customer): At<String>,
    body: Entity<ArticleAsk, CONTRACT>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::WriteKnowledge)?;
            let (based_on, ask) = asked(body.read()?);
            if based_on.is_some() {
                let (fr, en) =
                    ("un nouvel article ne remplace rien", "a new article takes no version's place");
                return Err(AppError::invalid("based_on", fr, en).into());
            }
            Ok(written(&customer, app.write_article(&permit, &key, &ask)?))
        })
        .await
}

async fn rewrite(
    extract::State(web): extract::State<State>,
    caller: Caller,
    Key(key): Key,
    At((customer, article)): At<(String, String)>,
    body: Entity<ArticleAsk, CONTRACT>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::WriteKnowledge)?;
            let number = number(&article)?;
            let (based_on, ask) = asked(body.read()?);
            let based_on = based_on.ok_or_else(|| {
                AppError::invalid(
                    "based_on",
                    "la version remplacée",
                    "the version that it takes the place of",
                )
            })?;
            Ok(written(&customer, app.rewrite_article(&permit, &key, number, based_on, &ask)?))
        })
        .await
}

async fn go(
    extract::State(web): extract::State<State>,
    caller: Caller,
    Key(key): Key,
    At((customer, article)): At<(String, String)>,
    body: Entity<MoveAsk>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::WriteKnowledge)?;
            let number = number(&article)?;
            let to = ArticleState::from_key(body.read()?.state.as_ref()).ok_or(AppError::NotFound)?;
            Ok(written(&customer, app.move_article(&permit, &key, number, to)?))
        })
        .await
}

async fn review(
    extract::State(web): extract::State<State>,
    caller: Caller,
    Key(key): Key,
    At((customer, article)): At<(String, String)>,
    body: Entity<ReviewAsk>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::WriteKnowledge)?;
            let number = number(&article)?;
            let ask = body.read()?;
            let done = app.review_article(&permit, &key, number, ask.review_by, ask.owner.as_deref())?;
            Ok(written(&customer, done))
        })
        .await
}

async fn helped(
    extract::State(web): extract::State<State>,
    caller: Caller,
    Key(key): Key,
    At((customer, article)): At<(String, String)>,
    body: Entity<HelpedAsk>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::Reply)?;
            let number = number(&article)?;
            let ticket = u64::from(body.read()?.ticket);
            Ok(written(&customer, app.article_helped(&permit, &key, number, ticket)?))
        })
        .await
}

fn asked(ask: ArticleAsk) -> (Option<u32>, WriteArticle) {
    let sort = ask.sort.and_then(|s| ArticleKind::from_key(s.as_ref()));
    let audience = ask.audience.and_then(|a| Audience::from_key(a.as_ref()));
    let write = WriteArticle {
        title: ask.title.0,
        body: ask.body.0,
        kind: sort.unwrap_or_default(),
        audience: audience.unwrap_or_default(),
        contract: ask.contract,
        items: ask.items.unwrap_or_default(),
        classes: ask.classes.unwrap_or_default(),
        operations: ask.operations.unwrap_or_default(),
        kinds: ask.kinds.unwrap_or_default(),
        owner: ask.owner,
        review_by: ask.review_by,
        from_ticket: None,
    };
    (ask.based_on, write)
}

fn written(customer: &str, done: Written) -> Reply {
    let location = format!("{API}/customers/{customer}/articles/{}", done.number);
    let state = ArticleStanding::of(done.state.key());
    let Written { number, version, entry, .. } = done;
    Reply::created(&ArticleWritten { number, version, state, entry }, location)
}

fn read(line: ArticleLine) -> ArticleRead {
    let keys = |list: &[(String, String)]| list.iter().map(|(key, _)| key.clone()).collect();
    let article = &line.article;
    ArticleRead {
        id: article.id,
        number: article.number,
        version: article.version,
        sort: ArticleSort::of(article.kind.key()),
        audience: ArticleAudience::of(article.audience.key()),
        state: ArticleStanding::of(article.state.key()),
        contract: line.about.contract.clone(),
        items: keys(&line.about.items),
        classes: keys(&line.about.classes),
        operations: keys(&line.about.operations),
        kinds: line.about.kinds.clone(),
        review_by: article.review_by,
        overdue: line.overdue,
        written: instant(article.at),
        reviewed: instant(article.reviewed),
        helped_provider: line.helped.map(|(provider, _)| provider),
        helped_customer: line.helped.map(|(_, customer)| customer),
        title: line.title,
        owner: line.owner,
    }
}

fn whole(page: ArticlePage) -> ArticleWhole {
    let version = |v: &app::knowledge::VersionLine| ArticleVersion {
        version: v.version,
        written: v.at,
        by: v.by.clone(),
        audience: ArticleAudience::of(v.audience.key()),
        entry: v.seq,
    };
    ArticleWhole {
        versions: page.versions.iter().map(version).collect(),
        body: page.body,
        from_ticket: page.from_ticket,
        article: read(page.line),
    }
}
