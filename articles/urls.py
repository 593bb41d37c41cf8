from django.urls import path

from . import feeds, views

urlpatterns = [
    path("articles/", views.article_list, name="article-list"),
    path("articles/<slug:slug>/", views.article_detail, name="article-detail"),
    path("tags/<slug:slug>/", views.tag_detail, name="tag-detail"),
    path("feeds/articles.atom", feeds.ArticleFeed(), name="article-feed"),
    path("feeds/corrections.atom", feeds.CorrectionFeed(), name="correction-feed"),
]
